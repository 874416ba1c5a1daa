/** Where HTTP/2 is found once a run that needs it has had it loaded. Law: carries no code of it. */
import { assert } from '../base/assert';
import type * as Http2Ends from './http2-ends';

let ends: typeof Http2Ends | null = null;
export const fillHttp2 = (loaded: typeof Http2Ends): void => void (ends = loaded);
export const hasHttp2 = (): boolean => ends !== null;
/** Both ends. `prepare` of the scenario comes first. */
export function http2Ends(): typeof Http2Ends {
  assert(ends !== null, 'HTTP/2 is loaded before a run that speaks it');
  return ends;
}
