/** Both ends of HTTP/2 as hosts use them: one chunk, loaded for runs that speak it (`registry.ts`). */
export { Http2Server } from '../protocols/http2/server';
export { Multiplexed } from './multiplexed';
