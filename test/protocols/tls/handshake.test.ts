/** Both ends over TCP on a link of 40 ms RTT: who says what, when the applications hear of it, and how failures look on the wire. */
import { MS } from '../../../src/base/time';
import { describe, expect, it } from 'vitest';
import { codeOfAlert, TLS_FAILURES } from '../../../src/protocols/tls/errors';
import { handshakeContent, type RecordBody } from '../../../src/protocols/tls/record';
import { packets, tlsPair, transcript, type TlsPairOptions } from '../../support/tls-pair';

/** All that a run shows: packets, both transcripts, what the applications heard. */
const story = (o: TlsPairOptions): { packets: string[]; heard: readonly string[] } => {
  const run = tlsPair(o);
  return { packets: packets(run), heard: run.heard };
};
const both = (o: TlsPairOptions): string => {
  const run = tlsPair(o);
  return `client ${transcript(run, 'client').join(' ')}\nserver ${transcript(run, 'server').join(' ')}`;
};

describe('full handshakes', () => {
  it('1.3: the request may go after two round trips (TCP and TLS)', () => {
    expect(both({})).toMatchInlineSnapshot(`
      "client = START = WAIT_SH > ClientHello < ServerHello = WAIT_EE < EncryptedExtensions = WAIT_CERT_CR < Certificate = WAIT_CV < CertificateVerify = WAIT_FINISHED < Finished = CONNECTED > Finished < NewSessionTicket < NewSessionTicket > close_notify = CLOSED
      server = START < ClientHello = RECVD_CH = NEGOTIATED = WAIT_FLIGHT2 > ServerHello > EncryptedExtensions > Certificate > CertificateVerify > Finished = WAIT_FINISHED < Finished = CONNECTED > NewSessionTicket > NewSessionTicket < close_notify = CLOSED"
    `);
    expect(story({})).toMatchInlineSnapshot(`
      {
        "heard": [
          "80 client connected",
          "100 server connected",
          "100 server received 87",
          "120 client received all",
          "140 server ended",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 1448 ServerHello, ChangeCipherSpec, EncryptedExtensions, Certificate, CertificateVerify",
          "s2c 89 Finished",
          "c2s 80 ChangeCipherSpec, Finished",
          "c2s 109 GET",
          "s2c 303 NewSessionTicket",
          "s2c 303 NewSessionTicket",
          "s2c 1300 200, body",
          "c2s 24 alert close_notify",
          "c2s 0 FIN",
          "s2c 0 FIN",
        ],
      }
    `);
  });
  it('1.2: one round trip more', () => {
    expect(both({ serverTls: { version: '1.2' } })).toMatchInlineSnapshot(`
      "client = START = WAIT_SH > ClientHello < ServerHello = WAIT_CERT_12 < Certificate = WAIT_SKE < ServerKeyExchange = WAIT_SHD < ServerHelloDone = WAIT_CCS > ClientKeyExchange > Finished = WAIT_FINISHED_12 < Finished = CONNECTED > close_notify = CLOSED
      server = START < ClientHello = RECVD_CH = NEGOTIATED = WAIT_CKE > ServerHello > Certificate > ServerKeyExchange > ServerHelloDone < ClientKeyExchange = WAIT_CCS = WAIT_FINISHED_12 < Finished = CONNECTED > Finished < close_notify = CLOSED"
    `);
    expect(story({ serverTls: { version: '1.2' } })).toMatchInlineSnapshot(`
      {
        "heard": [
          "100 server connected",
          "120 client connected",
          "140 server received 87",
          "160 client received all",
          "180 server ended",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 1406 ServerHello, Certificate, ServerKeyExchange, ServerHelloDone",
          "c2s 93 ClientKeyExchange, ChangeCipherSpec, Finished",
          "s2c 51 ChangeCipherSpec, Finished",
          "c2s 116 GET",
          "s2c 1307 200, body",
          "c2s 31 alert close_notify",
          "c2s 0 FIN",
          "s2c 0 FIN",
        ],
      }
    `);
  });
  it.each([
    ['1.3', '1.3', 'TLS 1.3'], ['1.3', '1.2', 'TLS 1.2'], ['1.2', '1.3', 'TLS 1.2'], ['1.2', '1.2', 'TLS 1.2'],
  ])('client up to %s, server up to %s: both end with %s', (client, server, agreed) => {
    const { trace } = tlsPair({ clientTls: { version: client }, serverTls: { version: server } });
    const done = trace.kinds.findIndex((k) => k.name === 'tls.handshake_done');
    const said: string[] = [];
    for (let i = 0; i < trace.time.length; i++) if (trace.kind.at(i) === done) said.push(trace.texts[trace.a.at(i)]!);
    expect(said).toEqual([agreed, agreed]);
  });
  it('nothing is ignored by either machine', () => {
    for (const o of [{}, { serverTls: { version: '1.2' } }, { serverCloses: true }, { client: { profile: 'openssl' as const }, clientTls: { version: '1.2' } }])
      expect(both(o)).not.toContain('!');
  });
  it('the bytes of every handshake record can be made, and are as long as it says', () => {
    for (const version of ['1.2', '1.3'] as const) {
      const { trace } = tlsPair({ serverTls: { version } });
      const records = trace.messages.filter((m) => m.protocol === 'tls' && (m.body as RecordBody).type === 'handshake');
      expect(records.length).toBeGreaterThan(6);
      for (const m of records) {
        const [child] = (m.body as RecordBody).children;
        expect(handshakeContent(m.body as RecordBody)!.length).toBe(child!.end - child!.start);
      }
    }
  });
});

describe('failures', () => {
  it('expired: the client alerts before it says anything else, and resets', () => {
    expect(story({ server: { certificate: { expired: true } } })).toMatchInlineSnapshot(`
      {
        "heard": [
          "80 client failed CERT_EXPIRED",
          "100 server failed TLS_RESET",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 1448 ServerHello, ChangeCipherSpec, EncryptedExtensions, Certificate, CertificateVerify",
          "s2c 89 Finished",
          "c2s 7 alert certificate_expired",
          "c2s 0 RST",
        ],
      }
    `);
    expect(transcript(tlsPair({ server: { certificate: { expired: true } } }), 'client').join(' ')).toMatchInlineSnapshot(`"= START = WAIT_SH > ClientHello < ServerHello = WAIT_EE < EncryptedExtensions = WAIT_CERT_CR < Certificate = WAIT_CV = CLOSED ~ CERT_EXPIRED > certificate_expired"`);
  });
  it('expired in 1.2: the same', () => {
    expect(story({ server: { certificate: { expired: true } }, clientTls: { version: '1.2' } }).packets).toMatchInlineSnapshot(`
      [
        "c2s 220 ClientHello",
        "s2c 1406 ServerHello, Certificate, ServerKeyExchange, ServerHelloDone",
        "c2s 7 alert certificate_expired",
        "c2s 0 RST",
      ]
    `);
  });
  it('unknown issuer', () => {
    expect(story({ server: { certificate: { issuerKnown: false } } }).packets.slice(3)).toEqual(['c2s 7 alert unknown_ca', 'c2s 0 RST']);
  });
  it('wrong name: the handshake is completed, then closed; tickets on their way are answered with RST', () => {
    expect(story({ server: { certificate: { names: ['another.example'] } } })).toMatchInlineSnapshot(`
      {
        "heard": [
          "80 client failed CERT_WRONG_NAME",
          "100 server connected",
          "100 server ended",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 1448 ServerHello, ChangeCipherSpec, EncryptedExtensions, Certificate, CertificateVerify",
          "s2c 83 Finished",
          "c2s 80 ChangeCipherSpec, Finished",
          "c2s 24 alert close_notify",
          "c2s 0 FIN",
          "s2c 303 NewSessionTicket",
          "s2c 303 NewSessionTicket",
          "s2c 0 FIN",
          "c2s 0 RST",
          "c2s 0 RST",
          "c2s 0 RST",
        ],
      }
    `);
  });
  it('wrong name in 1.2: a round trip later', () => {
    expect(story({ server: { certificate: { names: ['another.example'] } }, clientTls: { version: '1.2' } })).toMatchInlineSnapshot(`
      {
        "heard": [
          "100 server connected",
          "120 client failed CERT_WRONG_NAME",
          "140 server ended",
        ],
        "packets": [
          "c2s 220 ClientHello",
          "s2c 1400 ServerHello, Certificate, ServerKeyExchange, ServerHelloDone",
          "c2s 93 ClientKeyExchange, ChangeCipherSpec, Finished",
          "s2c 51 ChangeCipherSpec, Finished",
          "c2s 31 alert close_notify",
          "c2s 0 FIN",
          "s2c 0 FIN",
        ],
      }
    `);
  });
  it('no common version: the server alerts', () => {
    expect(story({ clientTls: { versionMin: '1.3' }, serverTls: { version: '1.2' } })).toMatchInlineSnapshot(`
      {
        "heard": [
          "60 server failed TLS_VERSION",
          "80 client failed TLS_VERSION",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 7 alert protocol_version",
          "s2c 0 FIN",
          "c2s 0 FIN",
        ],
      }
    `);
  });
  it('no common protocol: the server alerts', () => {
    expect(story({ client: { alpn: ['h2'] } }).packets).toEqual(['c2s 517 ClientHello', 's2c 7 alert no_application_protocol', 's2c 0 FIN', 'c2s 0 FIN']);
  });
  it('TLS to a plain port: the client resets', () => {
    expect(story({ plainServer: true })).toMatchInlineSnapshot(`
      {
        "heard": [
          "80 client failed TLS_NOT_TLS",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "s2c 309 400",
          "s2c 0 FIN",
          "c2s 0 RST",
        ],
      }
    `);
  });
  it('plain HTTP to a TLS port: the owner may answer', () => {
    expect(story({ plainClient: true })).toMatchInlineSnapshot(`
      {
        "heard": [
          "40 client connected",
          "60 server failed TLS_NOT_TLS",
          "80 client ended",
        ],
        "packets": [
          "c2s 87 GET",
          "s2c 309 400",
          "s2c 0 FIN",
          "c2s 0 FIN",
        ],
      }
    `);
  });
  it('the server restarts during the handshake: it does not know the connection and resets it', () => {
    const fault = { type: 'host', host: 'server', verdict: 'stop', from: 50 * MS, until: 70 * MS } as const;
    expect(story({ faults: [fault] })).toMatchInlineSnapshot(`
      {
        "heard": [
          "324 client failed TLS_RESET",
        ],
        "packets": [
          "c2s 517 ClientHello",
          "c2s 517 ClientHello",
          "s2c 0 RST",
        ],
      }
    `);
  });
  it('every alert that we send is known by number and leads back to its code', () => {
    for (const [code, f] of Object.entries(TLS_FAILURES)) if (f.alertName) expect(codeOfAlert(f.alertName)).toBe(code);
    expect(codeOfAlert('decode_error')).toBe('TLS_ALERT_DECODE_ERROR');
  });
});

describe('data and closing', () => {
  it('is cut into records of the server’s size, each naming what it carries', () => {
    const { trace, heard } = tlsPair({ responseBytes: 40_000, serverTls: { recordBytes: 4096 } });
    const records = trace.messages.filter((m) => m.name === 'application data' && m.direction === 1);
    expect(records.map((m) => m.bytes)).toEqual([...Array.from({ length: 9 }, () => 4096 + 22), 40_000 - 9 * 4096 + 22]);
    expect((records[0]!.body as RecordBody).children).toEqual([
      { name: '200', start: 5, end: 259, layer: 'http' }, { name: 'body', start: 259, end: 4101, layer: 'http' },
    ]);
    expect(heard.slice(-2)).toEqual(['160 client received all', '180 server ended']);
  });
  it('a record is worth nothing before its last byte: larger records make the first byte later', () => {
    const first = (recordBytes: number): number => {
      const { trace } = tlsPair({ responseBytes: 40_000, serverTls: { recordBytes } });
      const client = trace.endpoints.findIndex((e) => e.protocol === 'tls' && e.host === 0);
      const opened = trace.kinds.findIndex((k) => k.name === 'tls.data_decrypted');
      for (let i = 0; i < trace.time.length; i++) if (trace.kind.at(i) === opened && trace.where.at(i) === client) return Math.round(trace.time.at(i) / MS);
      return -1;
    };
    expect([first(4096), first(16384)]).toEqual([120, 160]);
  });
  it('the server closes: close_notify both ways, then FIN', () => {
    expect(story({ serverCloses: true }).packets.slice(-6)).toMatchInlineSnapshot(`
      [
        "s2c 24 alert close_notify",
        "s2c 0 FIN",
        "c2s 24 alert close_notify",
        "c2s 0 FIN",
        "s2c 0 RST",
        "s2c 0 RST",
      ]
    `);
  });
  it('no data is heard twice or after the end', () => {
    const { heard } = tlsPair({ serverCloses: true });
    expect(heard.filter((h) => h.includes('ended'))).toEqual(['120 client ended']);
  });
});

describe('time', () => {
  it('each side spends what its table says, where it says', () => {
    const costs = { helloCost: 2 * MS, keyShareCost: MS, keyDeriveCost: MS, ecdsaSignCost: 3 * MS, ecdsaVerifyCost: 2 * MS, clientFlightCost: 5 * MS, serverFlightCost: 7 * MS, serverFinishCost: 4 * MS };
    // 40 TCP, 2+1 hello, 20, 1+1+3+7 flight, 20, 1 keys + 4 chain + 2 signature + 5 → 107; 20 + 4 finish → 131
    expect(tlsPair({ costs }).heard.slice(0, 2)).toEqual(['107 client connected', '131 server connected']);
    // 1.2: 40, 2+1 (the hello offers 1.3), 20, 1+3+7, 20, 4 + 2 + 5 + 1 + 1, 20, 1 + 4 → 132 server; 20 → 152
    expect(tlsPair({ costs, serverTls: { version: '1.2' } }).heard.slice(0, 2)).toEqual(['132 server connected', '152 client connected']);
  });
  it('a request that comes while the server still computes waits for it', () => {
    const { heard } = tlsPair({ costs: { serverFinishCost: 10 * MS } });
    expect(heard.slice(0, 3)).toEqual(['80 client connected', '110 server connected', '110 server received 87']);
  });
});
