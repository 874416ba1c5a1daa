/** `npm run evidence`: judges all measured cases and writes what the page "How true is this?" shows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadHosts } from '../../src/hosts/registry';
import { judgeCase } from './judge';
import { evidenceOf, evidenceText, versionsOf } from './page';
import { casesOf, defaultFiles } from './run';

await loadHosts();
const files = defaultFiles(), cases = casesOf(files);
writeFileSync(join(import.meta.dirname, '..', '..', 'src', 'app', 'how-true', 'fidelity.gen.json'), evidenceText(evidenceOf(cases, cases.map(judgeCase), versionsOf(files))));
