/**
 * Faults as rules with verdicts. Law: a rule looks at a packet as it enters a link and gives a verdict; the
 * first verdict that is not "pass" wins, and a packet met by one rule still counts for the next.
 */
import { assert } from '../base/assert';
import { carriedNames } from '../model/carried';
import type { Fault, PduFault, Verdict } from '../model/fault';
import { IP_ICMP, IP_TCP, IP_UDP, type Pdu } from '../model/pdu';
import type { Flow } from '../model/stream';
import type { Plan } from '../model/plan';

const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, E: 64, C: 128 };
const bits = (letters: string): number => {
  let mask = 0;
  for (const letter of letters) {
    assert(FLAG_BITS[letter] !== undefined, `TCP flag ${letter}`);
    mask |= FLAG_BITS[letter]!;
  }
  return mask;
};

const PROTOCOLS = { tcp: IP_TCP, udp: IP_UDP, icmp: IP_ICMP } as const;

interface Rule {
  /** Index in `plan.faults`. */
  readonly index: number;
  readonly fault: PduFault;
  readonly link: number;
  readonly from: number;
  readonly protocol: number;
  readonly set: number;
  readonly unset: number;
  met: number;
}

/** The verdict on one packet, and which rule gave it. */
export interface Judgement {
  readonly rule: number;
  readonly verdict: Verdict;
}

export class PduFaults {
  private readonly rules: Rule[] = [];
  readonly any: boolean;

  constructor(plan: Plan, faults: readonly Fault[]) {
    faults.forEach((fault, index) => {
      if (fault.type !== 'pdu') return;
      const w = fault.where;
      this.rules.push({
        index,
        fault,
        link: w.link === undefined ? -1 : plan.links.findIndex((l) => l.name === w.link),
        from: w.from === undefined ? -1 : plan.hosts.findIndex((h) => h.name === w.from),
        protocol: w.protocol === undefined ? -1 : PROTOCOLS[w.protocol],
        set: bits(w.tcpFlags ?? ''),
        unset: bits(w.tcpFlagsUnset ?? ''),
        met: 0,
      });
    });
    this.any = this.rules.length > 0;
  }

  /** Judges a packet that enters link `link`; every rule that matches counts it. */
  judge(pdu: Pdu, link: number, flow: Flow): Judgement | null {
    let judgement: Judgement | null = null;
    for (const rule of this.rules) {
      if (!matches(rule, pdu, link, flow)) continue;
      const ordinal = ++rule.met;
      const { nth, count, verdict } = rule.fault;
      if (judgement || ordinal < nth || (count >= 0 && ordinal >= nth + count)) continue;
      judgement = { rule: rule.index, verdict };
    }
    return judgement;
  }
}

function matches(rule: Rule, pdu: Pdu, link: number, flow: Flow): boolean {
  const w = rule.fault.where;
  if (w.link !== undefined && rule.link !== link) return false;
  if (w.from !== undefined && rule.from !== pdu.from) return false;
  if (rule.protocol >= 0 && rule.protocol !== pdu.protocol) return false;
  if (w.fromPort !== undefined && w.fromPort !== pdu.srcPort) return false;
  if (w.toPort !== undefined && w.toPort !== pdu.dstPort) return false;
  if ((pdu.flags & rule.set) !== rule.set || (pdu.flags & rule.unset) !== 0) return false;
  if (w.payloadAtLeast !== undefined && pdu.payload < w.payloadAtLeast) return false;
  if (w.payloadAtMost !== undefined && pdu.payload > w.payloadAtMost) return false;
  if (w.transmission !== undefined && pdu.transmission !== w.transmission) return false;
  if (w.flow !== undefined && flow.name !== w.flow) return false;
  if (w.range !== undefined) {
    if (pdu.streamStart < 0 || pdu.payload === 0) return false;
    if (pdu.streamStart >= w.range[1] || pdu.streamStart + pdu.payload <= w.range[0]) return false;
  }
  if (w.select !== undefined && pdu.name !== w.select && !carriedNames(pdu, flow).includes(w.select)) return false;
  return true;
}
