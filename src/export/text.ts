/** The run in words, as `simulate --format text` prints it. */
import { transcriptText } from '../explain';
import type { Exporter } from './exporter';

export const text: Exporter = ({ scenario, runs }) => runs.map(({ name, index }) => `# ${scenario.title} (${name})\n${transcriptText(index)}\n`).join('\n');
