/** A real run: eight users at an app server with two workers, room for three in its queue, and one core. */
import { parseScenario } from '../../../src/scenario/parse';
import { runScenario } from '../../../src/scenario/run';
import { indexTrace, type TraceIndex } from '../../../src/trace';

const SCENARIO = {
  version: 1, id: 'app-test', title: 'Eight users, two workers', summary: 'A queue forms and overflows.',
  network: {
    hosts: {
      client: { kind: 'browser', title: 'users', address: '192.0.2.10', params: { hostsFile: { 'app.test': '203.0.113.7' } } },
      app: { kind: 'app-server', title: 'app', address: '203.0.113.7', cores: 1, params: { port: 9000, workers: 2, queueMax: 3, site: { '/x/:id': { bytes: '1 KB', cpu: '10 ms', think: '20 ms', render: '5 ms' } } } },
    },
    links: { l: { a: 'client', b: 'app', rtt: '10 ms' } },
  },
  workload: { client: 'client', profile: 'plain', visits: [{ url: 'http://app.test:9000/x/1' }], arrivals: { users: 7, url: 'http://app.test:9000/x/{n}', every: '1 ms' } },
};

export function appRun(): TraceIndex {
  const scenario = parseScenario(JSON.stringify(SCENARIO));
  const runs = scenario.ok ? runScenario(scenario.value) : scenario;
  if (!runs.ok) throw new Error(JSON.stringify(runs.errors));
  return indexTrace(runs.value[0]!.trace);
}
