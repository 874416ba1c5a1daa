/** Predicts a measured case and judges it by the tolerances of the measurements' own description, and by nothing else. */
import { join } from 'node:path';
import { runPlan } from '../../src/scenario/run';
import type { Plan } from '../../src/model/plan';
import { adapt } from './adapt';
import { predictPostgres } from './adapt-postgres';
import { predictPgWire } from './adapt-pg-wire';
import type { MeasuredCase, Verdict } from './case';
import { judgeQuantile } from './distribution';
import { comparePackets } from './packets';
import { metricsOf, pageMetrics } from './predict';

export const TRUTH = join(import.meta.dirname, '..', 'fixtures', 'truth');

/** Width within which a metric passes, ms. */
function tolerance(family: string, metric: string, measured: number, timeout: boolean): number {
  if (metric === 'exitCode') return 0;
  if (family === 'dns' && timeout) return Math.max(2, measured * 0.01);
  if (family === 'loss' || family === 'syn-schedule' || family === 'errors' || family === 'proxy' || family === 'quic') return Math.max(5, measured * 0.05);
  if (family === 'quic-browser' || family === 'alt-svc') return Math.max(10, measured * 0.08);
  if (family === 'pg-wire') return Math.max(2, measured * 0.05);
  if (family === 'rate' || family === 'flights' || family === 'page') return measured * 0.08;
  return Math.max(2, measured * 0.03);
}

/** Of requests that are judged together: the median of each metric, the least and the greatest total. */
function typical(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  if (all.length === 1) return all[0]!;
  const out: Record<string, number> = {};
  for (const name of Object.keys(all[0] ?? {})) {
    const values = all.map((m) => m[name] ?? NaN).sort((a, b) => a - b);
    const half = values.length >> 1;
    out[name] = values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
    if (name === 'total') Object.assign(out, { min_total: values[0], max_total: values[values.length - 1] });
  }
  return out;
}

/** Predicted against measured, metric by metric. */
function compared(c: MeasuredCase, predicted: Readonly<Record<string, number>>, failed: boolean): Verdict['metrics'] {
  const metrics: Record<string, { measured: number; predicted: number; tolerance: number; ok: boolean }> = {};
  for (const name of c.judge) {
    const m = c.measured[name];
    if (!m) continue;
    const p = predicted[name] ?? NaN;
    const within = tolerance(c.family, name, m.median, failed || m.median > 4900);
    metrics[name] = { measured: m.median, predicted: Math.round(p * 1000) / 1000, tolerance: Math.round(within * 1000) / 1000, ok: Math.abs(p - m.median) <= within || (p >= m.min && p <= m.max) };
  }
  return metrics;
}

/** A session with a database: no request of a browser, its own metrics. */
function judgePgWire(c: MeasuredCase): Verdict {
  const run = predictPgWire(c);
  if ('unsupported' in run) return { id: c.id, family: c.family, metrics: {}, status: 'unsupported', why: run.unsupported };
  const metrics = compared(c, run.predicted, false);
  const packets = c.packetList ? comparePackets(run.trace, run.client, join(TRUTH, c.packetList)) : undefined;
  const status = c.informational ? 'informational' : Object.values(metrics).every((m) => m.ok) ? 'pass' : 'fail';
  return { id: c.id, family: c.family, status, metrics, ...(packets ? { packets } : {}) };
}

export function judgeCase(c: MeasuredCase): Verdict {
  const base = { id: c.id, family: c.family, metrics: {} };
  if (Object.keys(c.measured).length === 0) return { ...base, status: 'informational', why: 'nothing was measured' };
  if (c.family === 'pg-wire') return judgePgWire(c);
  if (c.family === 'postgres') return judgePostgres(c);
  const adapted = adapt(c);
  if ('unsupported' in adapted) return { ...base, status: 'unsupported', why: adapted.unsupported };
  const samples = samplesOf(c);
  if (samples && Number(c.given.loss) > 0) return judgeDistribution(c, samples, adapted.plan);
  const trace = runPlan(adapted.plan);
  if (trace.outcome === 'budget' || trace.outcome === 'unmodelled') return { ...base, status: 'unsupported', why: trace.stopReason ?? trace.outcome };
  const rows = (adapted.requests ?? [adapted.judged === 'second' ? 1 : 0]).flatMap((i) => trace.requests[i] ?? []);
  const row = rows[0];
  if (!row) return { ...base, status: 'fail', why: 'no request' };
  const predicted = adapted.judged === 'page' ? pageMetrics(trace, row) : typical(rows.map((r) => metricsOf(trace, r, c.family)));
  const metrics = compared(c, predicted, row.error !== null);
  const { listed } = adapted;
  const client = trace.hosts.findIndex((h) => h.name === (listed?.from ?? 'client'));
  const where = listed && { link: trace.links.findIndex((l) => l.name === listed.link), since: trace.requests[listed.request]?.startNs ?? 0 };
  // a page's list begins with what Chromium looks up for itself
  const packets = c.packetList && adapted.judged !== 'look-up' && adapted.judged !== 'page' ? comparePackets(trace, client, join(TRUTH, c.packetList), where) : undefined;
  const ok = Object.values(metrics).every((m) => m.ok);
  const status = c.informational ? 'informational' : ok ? 'pass' : 'fail';
  return { ...base, status, metrics, ...(packets ? { packets } : {}) };
}

/** Seeds of a distribution: as many runs as make our own quantiles steady beside those of the samples. */
const SEEDS = 400;
/** Of the family quic: as many as the smallest shares that they must tell apart ask for; a megabyte is a thousand datagrams. */
const QUIC_SEEDS = 120, LARGE_SEEDS = 40, LARGE = 500_000;
/** Every run of a distribution, where the file has them. */
export const samplesOf = (c: MeasuredCase): readonly number[] | undefined => c.samples ?? (c.observed?.samples_after_dns as readonly number[] | undefined);
/** Random loss: the median and the 90th percentile of many seeds. */
function judgeDistribution(c: MeasuredCase, samples: readonly number[], plan: Plan): Verdict {
  const ours: Record<string, number[]> = {};
  const seeds = c.family !== 'quic' ? SEEDS : Number(c.given.objectBytes) > LARGE ? LARGE_SEEDS : QUIC_SEEDS;
  for (let seed = 1; seed <= seeds; seed++) {
    const trace = runPlan({ ...plan, seed });
    const predicted = metricsOf(trace, trace.requests[0]!, c.family);
    for (const name of c.judge) (ours[name] ??= []).push(predicted[name] ?? NaN);
  }
  const metrics: Record<string, { measured: number; predicted: number; tolerance: number; ok: boolean }> = {};
  for (const name of c.judge) {
    for (const [title, q] of [['median', 0.5], ['p90', 0.9]] as const) {
      const { measured, predicted, low, high, ok } = judgeQuantile(samples, ours[name]!, q);
      const round = (x: number): number => Math.round(x * 1000) / 1000;
      metrics[`${name} ${title}`] = { measured: round(measured), predicted: round(predicted), tolerance: round(predicted >= measured ? high - measured : measured - low), ok };
    }
  }
  return { id: c.id, family: c.family, metrics, status: c.informational ? 'informational' : Object.values(metrics).every((m) => m.ok) ? 'pass' : 'fail' };
}

/** The database: shapes and buffers are equal or not, of randomly grown trees within 2 %; what an insert costs within 15 %. */
function judgePostgres(c: MeasuredCase): Verdict {
  const base = { id: c.id, family: c.family };
  const predicted = predictPostgres(c);
  if ('unsupported' in predicted) return { ...base, metrics: {}, status: 'unsupported', why: predicted.unsupported };
  const metrics: Record<string, { measured: number; predicted: number; tolerance: number; ok: boolean }> = {};
  for (const name of c.judge) {
    const m = c.measured[name];
    if (!m) continue;
    const p = predicted.metrics[name] ?? NaN, within = name.endsWith('_per_row') ? m.median * 0.15 : predicted.random ? m.median * 0.02 : 0;
    metrics[name] = { measured: m.median, predicted: Math.round(p * 1000) / 1000, tolerance: within, ok: Math.abs(p - m.median) <= within || (p >= m.min && p <= m.max) };
  }
  return { ...base, metrics, status: c.informational ? 'informational' : Object.values(metrics).every((m) => m.ok) ? 'pass' : 'fail' };
}
