/** `npm run bench [NAME…]`: one JSON line for each benchmark (all, or those named). */
import { loadHosts } from '../../src/hosts/registry';
import { benchChain, benchCrowdIndex, benchCrowdSeek, benchLookUp } from './chain';
import { benchFrames } from './frames';
import { benchMachines, type BenchLine } from './machines';
import { benchPage } from './page';
import { benchIndex, benchLayout, benchSeek } from './views';

const BENCHES: Readonly<Record<string, () => BenchLine | Promise<BenchLine>>> = { 'machine-step': () => benchMachines(), 'page-30': () => benchPage(), 'page-30-h2': () => benchPage('h2'), 'page-30-h3': () => benchPage('h3'), index: benchIndex, layout: benchLayout, seek: benchSeek, 'chain-30': benchChain, 'look-up-1e8': benchLookUp, 'crowd-index': benchCrowdIndex, 'crowd-seek': benchCrowdSeek, 'frame-script': benchFrames };
const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHES[name]);
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(', ')}; use ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
await loadHosts();
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) console.log(JSON.stringify(await BENCHES[name]!()));
