/** English: what the fields of a packet mean, and the names of the exporters. A second language gives the same keys. */
import { bytes, duration } from '../format';

const named = (table: Record<string, string>): Readonly<Record<string, string>> => table;
const STATUS: Readonly<Record<number, string>> = { 1: 'interim', 2: 'success', 3: 'look elsewhere', 4: 'the client’s mistake', 5: 'the server’s mistake' };

export const wire = {
  part: (from: number, to: number, of: number): string => `bytes ${from + 1} to ${to} of ${of}`,
  opaque: 'the model knows its length and fields, not its bytes: they are filler',
  ip: {
    bytes: (n: number): string => `${n} bytes`,
    dscp: 'ordinary traffic', control: 'control traffic', ecn: ['cannot be marked', 'may be marked: ECT(1)', 'may be marked: ECT(0)', 'was marked: congestion'], totalLength: 'header and content, in bytes', identification: 'tells fragments of one packet; none are made here',
    dontFragment: 'DF: routers must not cut it', whole: 'not a fragment', ttl: 'routers that it may still pass', right: 'right', wrong: 'wrong: the packet was damaged',
  },
  icmp: { unreachable: 'destination unreachable', tooBig: 'fragmentation needed, and forbidden (DF)', mtu: 'largest packet that the next link takes', about: 'the beginning of the packet that did not pass' },
  udp: { dns: 'DNS', length: 'header and content, in bytes' },
  tcp: {
    sequence: (relative: number, payload: number): string => (payload > 0 ? `first byte carried; ${relative} counted from the SYN` : `${relative} counted from the SYN`),
    acknowledgment: (relative: number): string => `all before it has arrived; ${relative} counted from the peer’s SYN`,
    noAcknowledgment: 'not in use: ACK is not set',
    flags: named({ ACK: 'the acknowledgment number counts', PSH: 'hand it to the application now', RST: 'the connection is broken off', SYN: 'sequence numbers are agreed on', FIN: 'nothing more will be sent' }),
    window: (n: number): string => `${bytes(n)} may follow before the next acknowledgment`,
    urgent: 'not in use', padding: 'fills up to four bytes', mss: 'largest content of a segment that it takes',
    scale: (n: number): string => `its window field counts in units of ${n}`,
    fastOpenCookie: 'shows that this client was here before',
    tsval: 'its clock, in ms', tsecr: 'the peer’s clock as last seen: measures the round trip', left: 'first byte of a block that has arrived', right: 'byte after that block',
  },
  dns: {
    compressed: 'written before: a pointer to that place',
    types: named({ A: 'IPv4 address', AAAA: 'IPv6 address', NS: 'who answers for the zone', SOA: 'start of a zone', CNAME: 'another name for it', OPT: 'extension of the protocol', HTTPS: 'how to reach the site' }),
    id: 'the answer repeats it', alpn: 'protocols that are spoken there', response: 'answer', query: 'question', standard: 'an ordinary question', aa: 'the answerer is responsible for the name', tc: 'cut short: ask again over TCP',
    rd: 'please ask others on my behalf', ra: 'I ask others for you',
    rcodes: named({ NOERROR: 'all is well', NXDOMAIN: 'there is no such name', SERVFAIL: 'the answerer failed', REFUSED: 'the answerer will not say', FORMERR: 'the question is malformed', NOTIMP: 'not implemented' }),
    ednsSize: 'largest answer that it takes over UDP', ttl: (seconds: number): string => `may be remembered for ${duration(seconds * 1e9)}`, negativeTtl: 'how long “there is none” may be remembered',
  },
  http: {
    body: (n: number, type: string): string => `${bytes(n)} of ${type || 'content'}; the model knows the length only, the text is filler`,
    fields: named({
      host: 'which site of this server', accept: 'types that the client takes', 'user-agent': 'what the client is', connection: 'what becomes of the connection afterwards', 'content-length': 'where the content ends',
      'content-type': 'what the content is', server: 'what the server is', date: 'when the answer was made', etag: 'version of the content', 'last-modified': 'when the content changed',
      'cache-control': 'how long a copy is good', 'accept-ranges': 'parts may be asked for', 'accept-encoding': 'compressions that the client takes', 'accept-language': 'languages that the user reads', referer: 'page that asks for it',
    }),
    emptyLine: 'end of the head', methods: named({ GET: 'give me a copy', HEAD: 'give me the head only', POST: 'take this' }), status: (n: number): string => STATUS[Math.floor(n / 100)] ?? '',
  },
  http2: {
    preface: 'says that HTTP/2 is spoken, in words that no HTTP/1.1 server takes for a request', length: 'bytes behind this header', connection: 'the whole connection', stream: (id: number): string => `stream ${id}`,
    lastStream: 'later streams were not looked at', increment: 'so many more bytes may be sent', exclusive: 'comes before all others of its parent',
    frames: named({
      DATA: 'a piece of the content', HEADERS: 'a head, compressed', PRIORITY: 'an old way to say what is urgent', RST_STREAM: 'this stream is given up', SETTINGS: 'how this end wants to be spoken to', PING: 'are you there?',
      GOAWAY: 'no new streams, please', WINDOW_UPDATE: 'more may be sent', CONTINUATION: 'the rest of a head', PRIORITY_UPDATE: 'what is urgent has changed',
    }),
    settings: named({
      HEADER_TABLE_SIZE: 'bytes that it keeps of earlier heads', ENABLE_PUSH: 'answers that nobody asked for', MAX_CONCURRENT_STREAMS: 'streams at once', INITIAL_WINDOW_SIZE: 'bytes on a new stream before the sender must wait',
      MAX_FRAME_SIZE: 'greatest frame', MAX_HEADER_LIST_SIZE: 'greatest head, uncompressed', NO_RFC7540_PRIORITIES: 'the old way to say what is urgent is passed over',
    }),
    kinds: (kind: 'indexed' | 'incremental' | 'without' | 'never', index: number, size: number): string => {
      const where = index > 61 ? `entry ${index}, said before on this connection` : `entry ${index} of the fixed table`;
      if (kind === 'indexed') return `${where}: ${size === 1 ? 'one byte' : `${size} bytes`} for all of it`;
      const name = index > 0 ? `name from ${where}` : 'name written out';
      return `${name}; ${kind === 'incremental' ? 'remembered for later heads' : kind === 'never' ? 'must never be remembered' : 'not remembered'}`;
    },
  },
  quic: {
    none: 'none', protectedBits: 'the lower bits are hidden from whoever has no keys', sealed: (number: number): string => `sealed; the nonce is made from packet number ${number}`, opened: 'as it was before it was sealed',
    ackDelay: (us: number): string => `${us} µs from its arrival to this`, stream: (id: number): string => `stream ${id}`,
    levels: named({ Initial: 'keys that everyone can compute from the first id', '0-RTT': 'keys from an earlier session', Handshake: 'keys from the key exchange, before anybody has proved anything', '1-RTT': 'keys of the finished handshake' }),
    frames: named({
      PADDING: 'nothing, to fill the datagram', PING: 'say that you are there', ACK: 'these packets came', CRYPTO: 'a piece of the handshake', STREAM: 'a piece of a stream', MAX_DATA: 'so much may come on all streams', MAX_STREAM_DATA: 'so much may come on this stream',
      MAX_STREAMS_BIDI: 'so many streams may be opened', HANDSHAKE_DONE: 'the server has the handshake behind it', RESET_STREAM: 'this stream is given up', STOP_SENDING: 'please give this stream up', NEW_CONNECTION_ID: 'another id for this connection, for another path', RETIRE_CONNECTION_ID: 'this id is used no more', PATH_CHALLENGE: 'are you there? say this number', PATH_RESPONSE: 'the number of a PATH_CHALLENGE', CONNECTION_CLOSE: 'the connection is over',
      CONNECTION_CLOSE_APP: 'the application ends the connection', DATA_BLOCKED: 'I could say more', STREAM_DATA_BLOCKED: 'I could say more on this stream',
    }),
    specs: named({
      PADDING: 'RFC 9000 §19.1', PING: 'RFC 9000 §19.2', ACK: 'RFC 9000 §19.3', RESET_STREAM: 'RFC 9000 §19.4', STOP_SENDING: 'RFC 9000 §19.5', CRYPTO: 'RFC 9000 §19.6', STREAM: 'RFC 9000 §19.8', MAX_DATA: 'RFC 9000 §19.9',
      MAX_STREAM_DATA: 'RFC 9000 §19.10', MAX_STREAMS_BIDI: 'RFC 9000 §19.11', DATA_BLOCKED: 'RFC 9000 §19.12', STREAM_DATA_BLOCKED: 'RFC 9000 §19.13', CONNECTION_CLOSE: 'RFC 9000 §19.19', CONNECTION_CLOSE_APP: 'RFC 9000 §19.19', HANDSHAKE_DONE: 'RFC 9000 §19.20',
      NEW_CONNECTION_ID: 'RFC 9000 §19.15', RETIRE_CONNECTION_ID: 'RFC 9000 §19.16', PATH_CHALLENGE: 'RFC 9000 §19.17', PATH_RESPONSE: 'RFC 9000 §19.18', NEW_TOKEN: 'RFC 9000 §19.7',
    }),
  },
  http3: {
    instructions: 'instructions for the header table',
    frames: named({ DATA: 'the content', HEADERS: 'a head, compressed', SETTINGS: 'how this end wants to be spoken to', GOAWAY: 'no new streams, please', PRIORITY_UPDATE: 'how urgent a request is' }),
    settings: named({ QPACK_MAX_TABLE_CAPACITY: 'bytes that it keeps of earlier heads', MAX_FIELD_SECTION_SIZE: 'greatest head, uncompressed', QPACK_BLOCKED_STREAMS: 'streams that may wait for the table', ENABLE_CONNECT_PROTOCOL: 'extended CONNECT', H3_DATAGRAM: 'datagrams of HTTP' }),
    kinds: (kind: 'indexed' | 'literal' | 'never', size: number, plain: number): string => (kind === 'indexed' ? `an entry of a table: ${size === 1 ? 'one byte' : `${size} bytes`} for ${plain}` : `${size} bytes for ${plain}${kind === 'never' ? '; must never be remembered' : ''}`),
  },
  postgres: {
    length: 'itself and all behind it, in bytes', sslCode: 'stands where the version would: may TLS begin?', ssl: named({ S: 'TLS may begin', N: 'no TLS here' }), unnamed: 'empty: the unnamed one',
    inferred: 'none given: the server infers them', text: 'values as text', portal: 'a portal', allRows: 'all of them', key: 'lets a client cancel what runs', noTable: 'not told',
    status: named({ I: 'idle', T: 'in a transaction', E: 'in a failed transaction' }),
    errorFields: named({ S: 'severity', V: 'severity, not translated', C: 'SQLSTATE', M: 'message', D: 'detail' }),
    messages: named({
      SSLRequest: 'asks whether TLS may begin', StartupMessage: 'who connects, and to what', AuthenticationSASL: 'prove that you know the password', AuthenticationSASLContinue: 'salt and number of iterations',
      AuthenticationSASLFinal: 'the server knows it too', AuthenticationOk: 'welcome', SASLInitialResponse: 'name and nonce', SASLResponse: 'proof of the password', ParameterStatus: 'a setting of the server',
      BackendKeyData: 'who serves the connection', ReadyForQuery: 'the next statement may come', Query: 'a statement', Parse: 'a statement to prepare', Bind: 'values for its parameters',
      Describe: 'what columns will come?', Execute: 'run it', Sync: 'end of the exchange', Terminate: 'the client leaves', RowDescription: 'columns of the result', DataRow: 'a row of the result',
      CommandComplete: 'the statement is done', ErrorResponse: 'the statement failed', ParseComplete: 'prepared', BindComplete: 'bound', NoData: 'no columns', EmptyQueryResponse: 'there was no statement',
    }),
  },
  tls: {
    messages: named({
      ClientHello: 'what the client can do, and its key share', ServerHello: 'what the server chose, and its key share', EncryptedExtensions: 'what else was agreed on', HelloRetryRequest: 'the server wants a share of another group', Certificate: 'who the server is',
      CertificateVerify: 'proof that it holds the certificate’s key', Finished: 'proof that both saw the same handshake', NewSessionTicket: 'for a shorter handshake next time',
      ServerKeyExchange: 'the server’s key share, signed', ServerHelloDone: 'the server’s turn is over', EndOfEarlyData: 'no more early data', ClientKeyExchange: 'the client’s key share',
    }),
    extensions: named({
      server_name: 'which site is meant', supported_groups: 'curves for the key exchange', signature_algorithms: 'signatures that it can check', application_layer_protocol_negotiation: 'protocol inside',
      supported_versions: 'the true version', key_share: 'half of the key exchange', session_ticket: 'tickets are welcome', pre_shared_key: 'a session to take up', early_data: 'the request comes with the hello', padding: 'makes the message longer', extended_master_secret: 'keys depend on the whole handshake',
      psk_key_exchange_modes: 'how tickets may be used', encrypted_client_hello: 'looks like a hidden hello', renegotiation_info: 'first handshake of the connection', status_request: 'asks for proof that the certificate is not revoked',
    }),
    takenUp: 'the session of this ticket is taken up', ticketAge: 'ms since the ticket came, plus a number that hides it', binder: 'proves that the ticket’s secret is known',
    ocsp: 'says that the certificate is not revoked',
    verifyData: 'HMAC over the hash of all messages so far', seconds: 'seconds', ageAdd: 'hides the ticket’s age', nonce: 'tells the tickets of a connection apart', ticket: 'readable for the server only',
    retryGroup: 'send a share of this group', share: 'public key of the exchange', opaqueShare: 'random bytes of the right length: the server takes the other share', signature: 'made with the leaf’s key over the handshake so far',
    opaqueSignature: 'random bytes of the right length: RSA keys are not made here', legacyVersion: 'says 1.2 so that old middleboxes pass it', random: '32 random bytes',
    sessionId: 'of no meaning in 1.3; echoed', chosen: 'chosen by the server', count: (n: number): string => `${n} offered`, bestFirst: 'the best first', grease: 'means nothing: keeps servers tolerant', compression: 'none',
    leaf: 'of the site', intermediate: 'of the authority that signed the leaf; the root is not sent',
    certificate: named({ serialNumber: 'number given by the issuer', issuer: 'who signed it', subject: 'whom it names', notBefore: 'valid from', notAfter: 'valid until', subjectPublicKeyInfo: 'the key that it vouches for', signatureValue: 'the issuer’s signature' }),
    opaqueType: 'says application data whatever is inside', recordVersion: 'of no meaning in 1.3', explicitNonce: 'half of the nonce, here the record’s number',
    sealed: (sequence: number): string => `record ${sequence} under these keys; opened below`, tag: 'shows any change on the way', protectedRecord: 'encrypted', openRecord: 'in the clear', innerType: 'the true type, hidden',
    opened: 'what was encrypted', ccs13: 'means nothing; pleases middleboxes', ccs12: 'from here on encrypted',
  },
};

export const exporters = {
  pcapng: { title: 'Packet capture (pcapng) with keys', keywords: 'wireshark tshark tcpdump packets bytes decrypt' },
  keylog: { title: 'TLS keys (NSS key log)', keywords: 'sslkeylogfile secrets wireshark decrypt' },
  har: { title: 'HTTP archive (HAR 1.2)', keywords: 'devtools network requests timings waterfall' },
  qlog: { title: 'QUIC events (qlog 0.3, for qvis)', keywords: 'qvis http3 quic log packets streams', none: 'This run has no QUIC connection.' },
  'qlog-current': { title: 'QUIC events (qlog, current draft)', keywords: 'http3 quic log packets streams ietf draft' },
  'chrome-trace': { title: 'Trace events (Chrome, Perfetto)', keywords: 'perfetto performance spans timeline cpu' },
  text: { title: 'The run in words', keywords: 'transcript sentences log' },
  /** A comment on a packet in a capture. */
  fate: (fate: string, link: string): string => `Roundtrip: never arrives (${fate} on the link ${link})`,
  fault: (rule: number, what: string): string => `Roundtrip: fault ${rule + 1} (${what}) met this packet`,
  damaged: 'Roundtrip: damaged on the way; one bit is turned over',
  copy: 'Roundtrip: a copy made on the way',
  capture: (host: string): string => `Simulated; taken at ${host}`,
  onLink: 'Simulated; each packet as it enters its link',
  oneRun: (format: string, name: string): string => `${format} holds one run; this is "${name}"`,
};
