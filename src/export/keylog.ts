/** The TLS keys of a run as an NSS key log (draft-ietf-tls-keylogfile), for captures taken elsewhere and for Wireshark. */
import type { Exporter } from './exporter';
import { wireOf } from './wire';

export const keylog: Exporter = ({ runs }) => wireOf(runs[0]!.index.trace).keyLog();
