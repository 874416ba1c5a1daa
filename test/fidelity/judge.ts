/** Predicts a measured case and judges it by the tolerances of the measurements' own description, and by nothing else. */
import { join } from 'node:path';
import { runPlan } from '../../src/scenario/run';
import { adapt } from './adapt';
import type { MeasuredCase, Verdict } from './case';
import { comparePackets } from './packets';
import { metricsOf } from './predict';

export const TRUTH = join(import.meta.dirname, '..', 'fixtures', 'truth');

/** Width within which a metric passes, ms. */
function tolerance(family: string, metric: string, measured: number, timeout: boolean): number {
  if (metric === 'exitCode') return 0;
  if (family === 'dns' && timeout) return Math.max(2, measured * 0.01);
  if (family === 'loss' || family === 'syn-schedule' || family === 'errors') return Math.max(5, measured * 0.05);
  if (family === 'rate' || family === 'flights') return measured * 0.08;
  return Math.max(2, measured * 0.03);
}

export function judgeCase(c: MeasuredCase): Verdict {
  const base = { id: c.id, family: c.family, metrics: {} };
  if (Object.keys(c.measured).length === 0) return { ...base, status: 'informational', why: 'nothing was measured' };
  const adapted = adapt(c);
  if ('unsupported' in adapted) return { ...base, status: 'unsupported', why: adapted.unsupported };
  const trace = runPlan(adapted.plan);
  if (trace.outcome === 'budget' || trace.outcome === 'unmodelled') return { ...base, status: 'unsupported', why: trace.stopReason ?? trace.outcome };
  const row = adapted.judged === 'second' ? trace.requests[1] : trace.requests[0];
  if (!row) return { ...base, status: 'fail', why: 'no request' };
  const predicted = metricsOf(trace, row, c.family);
  const metrics: Record<string, { measured: number; predicted: number; tolerance: number; ok: boolean }> = {};
  for (const name of c.judge) {
    const m = c.measured[name];
    if (!m) continue;
    const p = predicted[name] ?? NaN;
    const within = tolerance(c.family, name, m.median, row.error !== null || m.median > 4900);
    metrics[name] = { measured: m.median, predicted: Math.round(p * 1000) / 1000, tolerance: Math.round(within * 1000) / 1000, ok: Math.abs(p - m.median) <= within || (p >= m.min && p <= m.max) };
  }
  const client = trace.hosts.findIndex((h) => h.name === 'client');
  const packets = c.packetList && adapted.judged !== 'look-up' ? comparePackets(trace, client, join(TRUTH, c.packetList)) : undefined;
  const ok = Object.values(metrics).every((m) => m.ok);
  const status = c.informational ? 'informational' : ok ? 'pass' : 'fail';
  return { ...base, status, metrics, ...(packets ? { packets } : {}) };
}
