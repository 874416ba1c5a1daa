/**
 * What an HTTPS record says of a site (RFC 9460 §2, §7.1): its data as text, as in zone files, and as bytes. ServiceMode for the name itself, with the protocols
 * that are spoken there; aliases, other targets and other parameters are not modelled, and a scenario with them is refused.
 */

/** `1 . alpn=h3,h2` */
export interface ServiceBinding {
  readonly priority: number;
  readonly target: '.';
  readonly alpn: readonly string[];
}
/** RFC 9460 §14.3.2. */
export const SVC_ALPN = 1;
/** Data of a record that this model reads. */
export const SERVICE_BINDING = /^([1-9]\d{0,3}) \.(?: alpn=([a-z0-9./-]+(?:,[a-z0-9./-]+)*))?$/;

/** Reads the text; null when it is not such a record. */
export function parseBinding(data: string): ServiceBinding | null {
  const parts = SERVICE_BINDING.exec(data);
  return parts && { priority: Number(parts[1]), target: '.', alpn: parts[2]?.split(',') ?? [] };
}
const bindingText = (b: ServiceBinding): string => `${b.priority} .${b.alpn.length > 0 ? ` alpn=${b.alpn.join(',')}` : ''}`;

/** Its bytes (§2.2): priority, the name uncompressed, then key, length and value of each parameter. */
export function bindingBytes(data: string): number[] {
  const b = parseBinding(data) ?? { priority: 1, target: '.', alpn: [] };
  const list = b.alpn.flatMap((id) => [id.length, ...[...id].map((c) => c.charCodeAt(0))]);
  return [b.priority >> 8, b.priority & 255, 0, ...(list.length > 0 ? [0, SVC_ALPN, list.length >> 8, list.length & 255, ...list] : [])];
}
/** The text of what `bindingBytes` wrote; parameters that are unknown are passed over. */
export function bindingOf(bytes: ArrayLike<number>): string {
  const alpn: string[] = [], u16 = (at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
  for (let at = 3; at + 4 <= bytes.length; at += 4 + u16(at + 2)) {
    if (u16(at) !== SVC_ALPN) continue;
    for (let i = at + 4; i < at + 4 + u16(at + 2); i += 1 + bytes[i]!) alpn.push(String.fromCharCode(...Array.from({ length: bytes[i]! }, (_, k) => bytes[i + 1 + k]!)));
  }
  return bindingText({ priority: u16(0), target: '.', alpn });
}
