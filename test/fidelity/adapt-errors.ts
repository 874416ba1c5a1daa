/** From a measured failure to a plan: what its situation names and the options of curl mean, in the model's words. */
import type { AnswerFault } from '../../src/model/fault';
import type { MeasuredCase } from './case';

/** What a situation is: where curl goes and what is wrong there. */
interface Situation {
  readonly url: string;
  /** Ports that speak plainly and TLS. */
  readonly plain?: readonly string[];
  readonly tls?: readonly string[];
  readonly certificate?: AnswerFault['verdict'];
  /** The newest TLS of the server. */
  readonly serverVersion?: string;
}
const NAME = 'www.lab.test';
const BAD = { expired: { tls: ['8450'], certificate: 'certificate-expired' }, wrong: { tls: ['8451'], certificate: 'certificate-wrong-name' } } as const;
const SITUATIONS: Readonly<Record<string, Situation>> = {
  refused: { url: `http://${NAME}:81/` },
  firewall_drop_ct5: { url: `http://${NAME}/obj_1k`, plain: ['80'] },
  host_unreachable_no_host: { url: 'http://ghost.lab.test/' },
  expired_cert: { url: `https://${NAME}:8450/`, ...BAD.expired },
  expired_cert_tls12: { url: `https://${NAME}:8450/`, ...BAD.expired },
  wrong_host: { url: `https://${NAME}:8451/`, ...BAD.wrong },
  wrong_host_tls12: { url: `https://${NAME}:8451/`, ...BAD.wrong },
  untrusted_ca: { url: `https://${NAME}:8446/`, tls: ['8446'], certificate: 'certificate-unknown-issuer' },
  nxdomain: { url: 'http://nope.lab.test/' },
  tls_to_plain_port: { url: `https://${NAME}:80/`, plain: ['80'] },
  plain_to_tls_port: { url: `http://${NAME}:8446/`, tls: ['8446'] },
  tls_version_mismatch: { url: `https://${NAME}:8443/`, tls: ['8443'], serverVersion: '1.2' },
  dead_mid_response: { url: `http://${NAME}/obj_100k`, plain: ['80'] },
  max_time_1s_hang: { url: `http://${NAME}/hang`, plain: ['80'] },
};

export interface FailureSetting {
  readonly url: string;
  readonly server: { readonly plainPorts: readonly string[]; readonly tlsPorts: readonly string[]; readonly version: string };
  readonly clientTls: { readonly version?: string; readonly versionMin?: string };
  readonly connectTimeout: number;
  readonly maxTime: number;
  readonly faults: readonly AnswerFault[];
}
/** The setting of a case, or the key that the model does not cover. */
export function failureSetting(c: MeasuredCase): FailureSetting | { readonly unsupported: string } {
  const situation = SITUATIONS[String(c.given.situation)];
  if (!situation) return { unsupported: `situation ${String(c.given.situation)}` };
  const options = (c.given.curlOptions ?? []) as readonly string[];
  let connectTimeout = 0, maxTime = 0;
  const clientTls: { version?: string; versionMin?: string } = {};
  for (let i = 0; i < options.length; i++) {
    if (options[i] === '--connect-timeout') connectTimeout = Number(options[++i]) * 1e9;
    else if (options[i] === '--max-time') maxTime = Number(options[++i]) * 1e9;
    else if (options[i] === '--tls-max') clientTls.version = options[++i]!;
    else if (options[i] === '--tlsv1.3') clientTls.versionMin = '1.3';
    else if (options[i] === '--cacert') i++; // which trust store: the situation says that it does not know the issuer
    else return { unsupported: options[i]! };
  }
  return {
    url: situation.url, server: { plainPorts: situation.plain ?? [], tlsPorts: situation.tls ?? [], version: situation.serverVersion ?? '1.3' }, clientTls, connectTimeout, maxTime,
    faults: situation.certificate ? [{ type: 'answer', host: 'server', verdict: situation.certificate }] : [],
  };
}
