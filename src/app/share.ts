/**
 * An edited scenario in an address: `#/~<deflated, base64url>`. Law: what comes from an address is untrusted: it is opened up to
 * the size of a scenario file and no further, and then read like any other file.
 */
import { fail, type Result } from '../base/result';
import { FILE_BYTES_MAX, parseScenario } from '../scenario/parse';
import type { Scenario } from '../scenario/schema';

/** Longest address that common servers, chats and QR codes still take. */
export const SHARED_MAX = 8000;

/** The path of the address, `~…`. */
export async function packScenario(scenario: Scenario): Promise<string> {
  const stream = new Blob([JSON.stringify(scenario)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `~${btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** Reads what `packScenario` wrote; anything else gets one complaint. */
export async function unpackScenario(path: string): Promise<Result<Scenario>> {
  const broken = (what: string): Result<never> => fail('address', what, 'copy the whole link again');
  const packed = path.replace(/^~/, '');
  if (!/^[\w-]+$/.test(packed)) return broken('holds no scenario');
  let text = '';
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      if (text.length > FILE_BYTES_MAX) {
        void reader.cancel();
        return fail('address', `holds more than ${FILE_BYTES_MAX} characters`, 'open the scenario as a file instead');
      }
    }
    text += decoder.decode();
  } catch {
    return broken('is cut off or damaged');
  }
  return parseScenario(text);
}
