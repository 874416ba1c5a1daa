/**
 * The message catalogue: every sentence that people read. Law: a second language is an object of the same shape
 * (`Catalogue`); no words are put together outside it.
 */
import type { EventFacts } from './facts';
import { computeEvents } from './words/compute';
import { caption, notices, phases, stage } from './words/caption';
import { dnsEvents, resolvedAfter } from './words/dns';
import { errors } from './words/errors';
import { httpEvents } from './words/http';
import { linkEvents, possessive, protocolName, timerAct, timerName, timers, workName } from './words/link';
import { packets } from './words/packets';
import { params } from './words/params';
import { tcpEvents } from './words/tcp';
import { tlsEvents } from './words/tls';
import { ui } from './words/ui';
import { ledgerWords, whyText } from './words/why';

export const en = {
  /** By full name of the kind (or its `words`). */
  events: { ...linkEvents, ...tcpEvents, ...tlsEvents, ...dnsEvents, ...httpEvents, ...computeEvents } as Readonly<Record<string, (e: EventFacts) => string>>,
  packets,
  caption,
  stage,
  notices,
  phases,
  errors,
  params,
  timers,
  timerName,
  timerAct,
  workName,
  protocolName,
  possessive,
  resolvedAfter,
  ledger: ledgerWords,
  whyText,
  ui,
};

/** The shape of `T` with its texts open. */
type Words<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Words<T[K]> };
export type Catalogue = Words<typeof en>;
