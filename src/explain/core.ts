/**
 * The part of the catalogue that the first screen needs: events, packets, captions, timers, errors, the interface. The
 * rest (parameters, ledger, exporters, views that load later) joins it in `catalogue`. Law: as there, a second language
 * is an object of the same shape.
 */
import type { EventFacts } from './facts';
import { computeEvents } from './words/compute';
import { caption, notices, phases, stage } from './words/caption';
import { dnsEvents, resolvedAfter } from './words/dns';
import { errors } from './words/errors';
import { httpEvents } from './words/http';
import { http2Events } from './words/http2';
import { quicEvents } from './words/quic';
import { linkEvents, possessive, protocolName, timerAct, timerName, timers, workName } from './words/link';
import { packets } from './words/packets';
import { proxyEvents } from './words/proxy';
import { postgresEvents } from './words/postgres';
import { storageEvents } from './words/storage';
import { tcpEvents } from './words/tcp';
import { tlsEvents } from './words/tls';
import { ui } from './words/ui';

export const core = {
  /** By full name of the kind (or its `words`). */
  events: { ...linkEvents, ...tcpEvents, ...tlsEvents, ...dnsEvents, ...httpEvents, ...http2Events, ...quicEvents, ...computeEvents, ...storageEvents, ...proxyEvents, ...postgresEvents } as Readonly<Record<string, (e: EventFacts) => string>>,
  packets,
  caption,
  stage,
  notices,
  phases,
  errors,
  timers,
  timerName,
  timerAct,
  workName,
  protocolName,
  possessive,
  resolvedAfter,
  ui,
};

/** The shape of `T` with its texts open. */
export type Words<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Words<T[K]> };
export type Core = Words<typeof core>;
