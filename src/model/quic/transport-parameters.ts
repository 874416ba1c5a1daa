/** Transport parameters (RFC 9000 §18): what each end allows the other, said in a TLS extension (RFC 9001 §8.2). */
import { Writer } from '../tls/bytes';
import { hexBytes, type Hex } from './frame';
import { varintBytes, writeVarint } from './varint';

/** Bytes, ms and counts as they are said. */
export interface TransportParameters {
  readonly maxIdleTimeout: number;
  readonly maxUdpPayloadSize: number;
  readonly initialMaxData: number;
  /** For streams that this end opens, that the other end opens, and one-way ones. */
  readonly initialMaxStreamDataBidiLocal: number;
  readonly initialMaxStreamDataBidiRemote: number;
  readonly initialMaxStreamDataUni: number;
  readonly initialMaxStreamsBidi: number;
  readonly initialMaxStreamsUni: number;
  readonly ackDelayExponent: number;
  readonly maxAckDelay: number;
  readonly activeConnectionIdLimit: number;
  readonly disableActiveMigration: boolean;
  readonly initialSourceConnectionId: Hex;
  /** Of servers: which Initial it answers, and after a Retry that one's (§7.3). */
  readonly originalDestinationConnectionId?: Hex;
  readonly retrySourceConnectionId?: Hex;
  readonly statelessResetToken?: Hex;
  /** It says what is presumed anyway, too (nginx ngx_event_quic_transport.c). */
  readonly saysDefaults?: boolean;
}
const ID = {
  originalDestinationConnectionId: 0x00, maxIdleTimeout: 0x01, statelessResetToken: 0x02, maxUdpPayloadSize: 0x03, initialMaxData: 0x04, initialMaxStreamDataBidiLocal: 0x05,
  initialMaxStreamDataBidiRemote: 0x06, initialMaxStreamDataUni: 0x07, initialMaxStreamsBidi: 0x08, initialMaxStreamsUni: 0x09, ackDelayExponent: 0x0a, maxAckDelay: 0x0b,
  disableActiveMigration: 0x0c, activeConnectionIdLimit: 0x0e, initialSourceConnectionId: 0x0f, retrySourceConnectionId: 0x10,
} as const;
/** What holds when a parameter is not said (§18.2). */
const DEFAULTS: Partial<Record<keyof TransportParameters, number>> = {
  maxIdleTimeout: 0, maxUdpPayloadSize: 65_527, initialMaxData: 0, initialMaxStreamDataBidiLocal: 0, initialMaxStreamDataBidiRemote: 0, initialMaxStreamDataUni: 0, initialMaxStreamsBidi: 0,
  initialMaxStreamsUni: 0, ackDelayExponent: 3, maxAckDelay: 25, activeConnectionIdLimit: 2,
};

/** The content of the extension: id, length and value of each that differs from its default, by rising id. */
export function transportParameterBytes(p: TransportParameters): Uint8Array {
  const w = new Writer();
  for (const [name, id] of Object.entries(ID) as [keyof TransportParameters, number][]) {
    const value = p[name];
    if (value === undefined || value === false || (value === DEFAULTS[name] && !p.saysDefaults)) continue;
    writeVarint(w, id);
    if (value === true) writeVarint(w, 0);
    else if (typeof value === 'string') writeVarint(w, value.length / 2).raw(hexBytes(value));
    else writeVarint(writeVarint(w, varintBytes(value)), value);
  }
  return w.done();
}
