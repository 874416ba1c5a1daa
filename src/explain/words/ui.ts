/** Words of the interface. A second language gives the same keys. */
const TIMERS: Readonly<Record<string, string>> = {
  rto: 'retransmission timer', tlp: 'tail-loss probe', reorder: 'reordering timer', persist: 'window probe', syn: 'SYN timer', delayedAck: 'delayed ACK', nextSyn: 'next SYN', expectContinue: 'waits for 100', bodyTimeout: 'content', lingeringTimeout: 'lingering close', timeWait: 'TIME-WAIT', keepAlive: 'keep-alive',
  dnsTimeout: 'resolver’s patience', resolverRto: 'resolver’s timer', keepAliveTimeout: 'idle connection', connectTimeout: 'connect timeout',
};

/** States in a person's words, for the host band; the state chart keeps the keys of the standard. */
const STATES: Readonly<Record<string, string>> = {
  'ASKED BOTH': 'asked A and AAAA', 'ASKED AGAIN': 'asks again', PRIMING: 'looks for the root', ASKING: 'asks name servers',
  'SYN-SENT': 'SYN sent', 'SYN-RECEIVED': 'SYN received', ESTABLISHED: 'connection open', 'FIN-WAIT-1': 'closing', 'FIN-WAIT-2': 'closing', CLOSING: 'closing', 'CLOSE-WAIT': 'peer has closed', 'LAST-ACK': 'closing', 'TIME-WAIT': 'waits out old packets',
  WAIT_SH: 'awaits ServerHello', WAIT_EE: 'awaits extensions', WAIT_CERT_CR: 'awaits certificate', WAIT_CV: 'awaits signature', WAIT_FINISHED: 'awaits Finished', WAIT_CERT_12: 'awaits certificate', WAIT_SKE: 'awaits server key', WAIT_SHD: 'awaits ServerHelloDone',
  WAIT_CCS: 'awaits cipher change', WAIT_FINISHED_12: 'awaits Finished', RECVD_CH: 'has the ClientHello', NEGOTIATED: 'parameters agreed', WAIT_EOED: 'reads early data', WAIT_FLIGHT2: 'awaits Finished', WAIT_CKE: 'awaits client key', CONNECTED: 'encrypted',
};

export const ui = {
  title: 'Roundtrip',
  diagramLabel: 'Space-time diagram: hosts from left to right, time downwards. Arrow up and down walk through the messages.',
  stateWords: STATES, nameServers: 'name servers', crowd: (n: number): string => `${n} servers`, heads: { exact: 'true', bent: 'lens' },
  linkName: (a: string, b: string, what = ''): string => `${a} – ${b}${what ? `: ${what}` : ''}`,
  timer: (name: string): string => TIMERS[name] ?? name,
  fate: { lost: 'lost', 'queue full': 'queue full', dropped: 'lost', corrupted: 'corrupted', 'link down': 'link down', 'host stopped': 'nobody there', 'too big': 'too big' },
  views: { stage: 'Stage', ladder: 'Ladder', states: 'States', message: 'Message', waterfall: 'Waterfall', server: 'Server', congestion: 'TCP', index: 'Index', log: 'Log', why: 'Why?' },
  chooseMessage: 'Choose a message on the stage: what is in it is shown here, field by field and byte by byte.', edit: 'Edit', exportMenu: 'Export', noQueries: 'No database is asked in this run.', noServers: 'Nobody waits for anything in this run.',
  whyTotal: (total: string): string => `Why ${total}?`,
  play: 'Play', pause: 'Pause', stepBack: 'One step back', step: 'One step', previousMoment: 'Previous moment', nextMoment: 'Next moment', speed: 'Speed', start: 'To the start',
  lens: 'Lens', trueAxis: 'True', axis: 'Time axis', axisHelp: { lens: 'short steps get more room; the left scale is true', exact: 'every millisecond has the same room' }, share: 'Share', copied: 'Link copied', copyByHand: 'Link to this moment',
  reading: (seconds: number): string => `reading, continues in ${seconds} s`, readOn: 'Continue', paused: 'paused', runs: 'playing', theme: 'Theme', fullScreen: 'Full screen', keysHelp: 'Keys', close: 'Close', scenario: 'Scenario', undo: 'Undo', redo: 'Redo', reset: 'Reset all',
  pace: (one: string): string => `1 s shows ${one}`,
  oneWay: (latency: string, rate: string): string => (rate ? `${latency} each way, ${rate}` : `${latency} each way`),
  past: 'past', ahead: 'ahead, computed',
  scrubber: 'Time', scrubberValue: (t: string, total: string, what: string): string => `${t} of ${total}${what ? `, ${what}` : ''}`,
  menu: 'Menu', view: 'View', howTrue: 'How true is this?',
  othersAtOnce: (n: number, most: number): string => `${n} others, at most ${most} at once`,
  phases: { blocked: 'wait', dns: 'DNS', connect: 'TCP', tls: 'TLS', send: 'send', wait: 'wait', receive: 'receive' },
  range: (least: string, most: string): string => `${least} to ${most}.`,
  hosts: 'Hosts', links: 'Links', sceneOf: (n: number, of: number): string => `${n} of ${of}`,
  sheet: 'Facts, faults',
  nothingSelected: 'Click a message, a host or a link to look into it, or to break it.',
  tabs: { facts: 'Facts', causes: 'Causes', fields: 'Bytes' },
  facts: { carries: 'Carries', from: 'From', to: 'To', sent: 'Sent', arrives: 'Arrives', lost: 'Lost', size: 'Size', bytes: 'Stream bytes', transmission: 'Transmission', queue: 'Queued', wire: 'On the wire', way: 'Under way', connection: 'Connection', state: 'State' },
  whoNotices: 'Who notices, and when',
  breakThis: 'Break this message', breakHost: 'Break this host', breakLink: 'Break this link', breakKey: 'Break', drop: 'Drop', delay: 'Delay 100 ms', duplicate: 'Duplicate', corrupt: 'Corrupt', selectFirst: 'Select a message to break it: click it, or press arrow down.',
  stop: 'Stop now', silent: 'Silent from now', refuse: 'Refuse connections', linkDown: 'Down from now', nxdomain: 'NXDOMAIN', servfail: 'SERVFAIL', noAnswer: 'No answer',
  certExpired: 'Certificate expired', certName: 'Wrong name', certIssuer: 'Unknown issuer',
  faults: 'Broken on purpose', remove: 'Remove', parameters: 'Parameters', allParameters: 'All parameters', source: 'Source', search: 'Find a parameter', typed: (name: string): string => `${name}, as text`, changed: 'changed',
  blank: 'blank page', pageShown: 'page shown', errorShown: (name: string): string => name, seenByUser: 'The user sees',
  before: (was: string, is: string): string => `before ${was}, now ${is}`,
  /** What a run took; `–` when nothing came. A crowd by its 95th percentile. */
  took: (ns: string, crowd: boolean, failed: number): string => `${crowd ? `p95\u00a0${ns}` : ns}${failed > 0 ? `, ${failed} failed` : ''}`,
  crowdDiffers: (first: string, second: string, a: string, b: string): string => `${first}: 95 % of the documents are there within ${a}. ${second}: ${b}.`,
  lanes: 'Lanes', laneTakes: (title: string, total: string): string => `${title}: ${total}`,
  laneDiffers: (first: string, second: string, by: string, what: string, why: string, less: string): string => `${first} is done ${by} before ${second}. The wait that differs most: ${what}, ${less}${why ? ` (${why})` : ''}.`, laneShare: (a: string, b: string): string => `${a}, not ${b}`, lanesAlike: 'All take equally long.', difference: (t: string, what: string): string => `They part at ${t}: ${what}`,
  openFull: 'Open in the full page', loading: 'Loading …', complaint: 'That does not work', noScript: 'Roundtrip needs JavaScript to simulate. What you would see: a request crossing from browser to server and back, every millisecond explained.',
  logTime: 'Time', logHost: 'Where', logWords: 'What happened', request: 'Request', filter: 'Filter', rows: (n: number): string => `${n} rows`,
  hash: 'fingerprint', hashHelp: 'The same scenario and seed give the same run, byte for byte, in every browser: this is its hash.',
  why: { part: 'Part', took: 'Took', reason: 'Why', ends: 'Ends at', sum: 'Sum: from Enter to the last byte', order: 'The largest first; the bar keeps the order of time.', beside: 'Beside it, not on the path', region: 'Where the time went' },
  chartOf: 'Machine', chartNow: (state: string): string => `Now: ${state}`, enabled: 'It would hear', unset: 'not begun',
  keys: {
    toggle: 'Play or pause', stepForward: 'One step forward', stepBackward: 'One step back', momentForward: 'Next moment', momentBackward: 'Previous moment', sceneForward: 'Next scene', sceneBackward: 'Previous scene', home: 'To the start', end: 'To the end', faster: 'Faster', slower: 'Slower', walk: 'Next or previous message (in the diagram)', drop: 'Drop the selected message', breakMenu: 'Ways to break it', blank: 'Blank the screen; any key brings it back',
    lens: 'Lens or true axis', theme: 'Next theme', undo: 'Undo', redo: 'Redo', help: 'This list', view: 'Next view', escape: 'Close, or select nothing', full: 'Full screen', compare: 'Compare with the run before the last change',
  },
  everywhere: 'Protocols, at every host', nodeParameters: (n: number, changed: number): string => (changed > 0 ? `${n}, ${changed} changed` : String(n)),
  summary: 'Right now',
} as const;
