/** Compares our packets with the recorded list: SYN, FIN and data segments and datagrams; order, direction, flags, payload lengths. */
import { existsSync, readFileSync } from 'node:fs';
import type { Trace } from '../../src/model/trace';

interface Row {
  readonly text: string;
  readonly atMs: number;
}
const interesting = (flags: string, payload: number, udp: boolean): boolean => udp || payload > 0 || /[SFR]/.test(flags);

function recorded(file: string): { rows: Row[]; partial: boolean } {
  const rows: Row[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
    if (line.includes('rows left out')) return { rows, partial: true };
    const [at, dir, proto, , flags = '', , payload = '0'] = line.split(',');
    if (!dir || !proto || !interesting(flags, Number(payload), proto === 'udp')) continue;
    rows.push({ text: `${dir} ${proto} ${flags.replace(/[PA]/g, '')} ${payload}`, atMs: Number(at) });
  }
  return { rows, partial: false };
}

/** `client` is the host id of the client; `where` chooses packets of one link from a time on. Signatures of ECDSA certificates vary by two bytes: lengths may differ by 2. */
export function comparePackets(trace: Trace, client: number, file: string, where?: { readonly link: number; readonly since: number }): { compared: number; firstDifference: string | null } | undefined {
  if (!existsSync(file)) return undefined;
  const { rows, partial } = recorded(file);
  const ours = trace.pdus
    .filter((p) => p.copyOf < 0 && (!where || (p.link === where.link && p.sentAt >= where.since)))
    .map((p) => {
      const flags = ['F', 'S', 'R'].filter((_, i) => p.flags & (1 << i)).join('');
      return { keep: interesting(flags, p.payload, p.protocol === 17), dir: p.from === client ? 'c2s' : 's2c', proto: p.protocol === 17 ? 'udp' : 'tcp', flags, payload: p.payload, atMs: p.sentAt / 1e6 };
    })
    .filter((p) => p.keep);
  const count = partial ? rows.length : Math.max(rows.length, ours.length);
  for (let i = 0; i < count; i++) {
    const want = rows[i], have = ours[i];
    const have_ = have ? `${have.dir} ${have.proto} ${have.flags} ${have.payload}` : 'nothing';
    if (want && have && want.text === have_) continue;
    if (want && have) {
      const [dir, proto, flags, payload] = want.text.split(' ');
      if (dir === have.dir && proto === have.proto && flags === have.flags && Math.abs(Number(payload) - have.payload) <= 2) continue;
    }
    return { compared: i, firstDifference: `packet ${i + 1}: measured ${want ? `${want.text} at ${want.atMs} ms` : 'nothing'}, ours ${have ? `${have_} at ${have.atMs.toFixed(2)} ms` : 'nothing'}` };
  }
  return { compared: count, firstDifference: null };
}
