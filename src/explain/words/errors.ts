/** English: what the user sees when a request fails. Keys are `RequestError.text`; `host` is the name in the URL. */
export interface ErrorWords {
  /** Headline of the browser's error page. */
  readonly title: string;
  readonly sentence: (host: string) => string;
  /** What to do about it, for whoever runs the server or the network. */
  readonly cure: string;
  /** What curl prints after `curl: (n) `. */
  readonly curl: (host: string) => string;
}
export const errors: Readonly<Record<string, ErrorWords>> = {
  'error.noName': {
    title: 'This site can’t be reached', sentence: (host) => `There is no address for ${host}.`, cure: 'Check the spelling of the name and the zone’s records.',
    curl: (host) => `Could not resolve host: ${host}`,
  },
  'error.nameServer': {
    title: 'This site can’t be reached', sentence: (host) => `No name server gave an answer about ${host}.`, cure: 'Check the resolver and the zone’s name servers.',
    curl: (host) => `Could not resolve host: ${host}`,
  },
  'error.refused': {
    title: 'This site can’t be reached', sentence: (host) => `${host} refused to connect.`, cure: 'Start the server, or open the port it listens on.',
    curl: (host) => `Failed to connect to ${host}: Could not connect to server`,
  },
  'error.timeout': {
    title: 'This site can’t be reached', sentence: (host) => `${host} took too long to respond.`, cure: 'Look for a host that is down or a firewall that drops packets.',
    curl: (host) => `Failed to connect to ${host}: Timeout was reached`,
  },
  'error.reset': {
    title: 'This site can’t be reached', sentence: () => 'The connection was reset.', cure: 'See who sent the RST: a crashed process, a closed socket, a middlebox.',
    curl: () => 'Recv failure: Connection reset by peer',
  },
  'error.empty': {
    title: 'This page isn’t working', sentence: (host) => `${host} didn’t send any data.`, cure: 'The server closed the connection before it answered: look at its log.',
    curl: () => 'Empty reply from server',
  },
  'error.partial': {
    title: 'This page isn’t working', sentence: (host) => `${host} sent less than it had announced.`, cure: 'The server closed the connection in the middle of the answer: look at its log.',
    curl: () => 'transfer closed with outstanding read data remaining',
  },
  'error.tlsName': { title: 'This site can’t provide a secure connection', sentence: (host) => `The server does not know the name ${host}.`, cure: 'Give the name to a site of this server, or send clients to the right one.', curl: () => 'error:0A000458:SSL routines::tlsv1 unrecognized name' },
  'error.redirects': { title: 'This page isn’t working', sentence: (host) => `${host} redirected you too many times.`, cure: 'Two addresses may send to each other: look at the redirects.', curl: () => 'Maximum (50) redirects followed' },
  'error.badUrl': { title: 'This address is not valid', sentence: () => 'The address cannot be read.', cure: 'Write it as https://name/path.', curl: () => 'URL rejected: Malformed input to a URL function' },
  'error.certExpired': {
    title: 'Your connection is not private', sentence: (host) => `The certificate of ${host} has expired.`, cure: 'Renew the certificate; check both clocks.',
    curl: () => 'SSL certificate problem: certificate has expired',
  },
  'error.certUnknownIssuer': {
    title: 'Your connection is not private', sentence: (host) => `The certificate of ${host} is signed by nobody whom the browser trusts.`, cure: 'Send the whole chain, from a public authority.',
    curl: () => 'SSL certificate problem: unable to get local issuer certificate',
  },
  'error.certWrongName': {
    title: 'Your connection is not private', sentence: (host) => `The certificate is not made out to ${host}.`, cure: 'Put the name into the certificate’s subjectAltName.',
    curl: (host) => `SSL: no alternative certificate subject name matches target host name '${host}'`,
  },
  'error.h2Stream': {
    title: 'This site can’t be reached', sentence: (host) => `${host} gave up the stream before it answered.`, cure: 'See in the server’s log why it could not answer.',
    curl: () => 'HTTP/2 stream was not closed cleanly: INTERNAL_ERROR (err 2)',
  },
  'error.h2Refused': {
    title: 'This site can’t be reached', sentence: (host) => `${host} refused the stream, again and again.`, cure: 'The server takes fewer streams at once than it is asked for: see its limit.',
    curl: () => 'HTTP/2 stream was not closed cleanly: REFUSED_STREAM (err 7)',
  },
  'error.h2Closed': {
    title: 'This site can’t be reached', sentence: (host) => `${host} closed the connection before it answered.`, cure: 'See whether the server stopped, or does not keep idle connections long enough.',
    curl: () => 'HTTP/2 connection closed before the response',
  },
  'error.quicSilent': {
    title: 'This site can’t be reached', sentence: (host) => `${host} does not answer over QUIC.`, cure: 'Something on the way may drop UDP: let TCP be tried as well.',
    curl: () => 'QUIC connection has been idle for too long',
  },
  'error.networkChanged': {
    title: 'Your connection was interrupted', sentence: () => 'A network change was detected.', cure: 'Load the page again: TCP’s connections do not outlive the address that they were opened from.',
    curl: () => 'Recv failure: network changed',
  },
  'error.quicEnded': {
    title: 'This site can’t be reached', sentence: (host) => `${host} ended the QUIC connection with an error.`, cure: 'See the code in its CONNECTION_CLOSE.',
    curl: () => 'QUIC connection was closed with an error',
  },
  'error.h3Ended': {
    title: 'This site can’t be reached', sentence: (host) => `${host} closed the HTTP/3 connection before it answered.`, cure: 'See whether the server stopped, or does not keep idle connections long enough.',
    curl: () => 'HTTP/3 connection closed before the response',
  },
  'error.h3Stream': {
    title: 'This site can’t be reached', sentence: (host) => `${host} gave up the stream before it answered.`, cure: 'See in the server’s log why it could not answer.',
    curl: () => 'HTTP/3 stream was reset by the server',
  },
  'error.h3Refused': {
    title: 'This site can’t be reached', sentence: (host) => `${host} refused the stream, again and again.`, cure: 'The server takes fewer streams at once than it is asked for: see its limit.',
    curl: () => 'HTTP/3 stream was rejected by the server',
  },
  'error.tlsVersion': {
    title: 'This site can’t provide a secure connection', sentence: (host) => `${host} speaks no version of TLS that the browser accepts.`, cure: 'Let the server offer TLS 1.2 or 1.3.',
    curl: () => 'TLS connect error: tlsv1 alert protocol version',
  },
  'error.notTls': {
    title: 'This site can’t provide a secure connection', sentence: (host) => `${host} did not answer in TLS.`, cure: 'The port speaks plain HTTP: use http:// or turn TLS on.',
    curl: () => 'TLS connect error: wrong version number',
  },
  'error.tlsHandshake': {
    title: 'This site can’t provide a secure connection', sentence: (host) => `${host} and the browser have no cipher suite in common.`, cure: 'Let the server offer a current cipher suite.',
    curl: () => 'TLS connect error: sslv3 alert handshake failure',
  },
  'error.tlsAlpn': {
    title: 'This site can’t provide a secure connection', sentence: (host) => `${host} speaks none of the protocols that the browser offered.`, cure: 'Turn on HTTP/1.1 or HTTP/2 on the server’s TLS port.',
    curl: () => 'TLS connect error: tlsv1 alert no application protocol',
  },
  'error.tlsReset': {
    title: 'This site can’t be reached', sentence: () => 'The connection was reset during the handshake.', cure: 'See who sent the RST: the server, or a middlebox that dislikes the handshake.',
    curl: () => 'Recv failure: Connection reset by peer',
  },
  'error.tlsClosed': {
    title: 'This site can’t provide a secure connection', sentence: (host) => `${host} closed the connection during the handshake.`, cure: 'Look at the server’s TLS settings and its log.',
    curl: () => 'TLS connect error: unexpected eof while reading',
  },
  'error.other': { title: 'This site can’t be reached', sentence: (host) => `The request to ${host} failed.`, cure: 'Follow the causes back from the failure.', curl: () => 'Failure when receiving data from the peer' },
};
