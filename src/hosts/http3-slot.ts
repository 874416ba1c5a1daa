/** Where HTTP/3 is found once a run that needs it has had it loaded. Law: carries no code of it. */
import { assert } from '../base/assert';
import type * as Http3Ends from './http3-ends';

let ends: typeof Http3Ends | null = null;
export const fillHttp3 = (loaded: typeof Http3Ends): void => void (ends = loaded);
export const hasHttp3 = (): boolean => ends !== null;
/** Both ends. `prepare` of the scenario comes first. */
export function http3Ends(): typeof Http3Ends {
  assert(ends !== null, 'HTTP/3 is loaded before a run that speaks it');
  return ends;
}
