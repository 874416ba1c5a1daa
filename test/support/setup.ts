/** Before each file of tests: every kind of host is loaded, so that a run may begin at once. */
import { loadHosts } from '../../src/hosts/registry';

await loadHosts();
