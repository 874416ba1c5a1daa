/**
 * The message catalogue: every sentence that people read. Law: a second language is an object of the same shape
 * (`Catalogue`); no words are put together outside it.
 */
import { core, type Words } from './core';
import { paramTable } from './param-words';
import { congestionView } from './words/congestion-view';
import { exporters, wire } from './words/export';
import { indexView } from './words/index-view';
import { serverView } from './words/server-view';
import { beside, chain, ledgerWords, whyText } from './words/why';

export const en = {
  ...core,
  params: paramTable,
  ledger: ledgerWords,
  beside,
  chain,
  whyText,
  wire,
  exporters,
  indexView,
  serverView,
  congestionView,
};

export type Catalogue = Words<typeof en>;
