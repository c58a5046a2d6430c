import assert from 'node:assert/strict';
import { createSeededRandom, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { SimRedisTier } from '../sim-redis-tier.ts';
import { SENTINELS, simulate } from '../tier-lab.ts';
import { addressOf, SimProbe } from './sim-probe.ts';

simulate('[B12] a survey is counted once, however many Sentinels are asked in it', () => {
  const loop = new SimLoop();
  const random = createSeededRandom(1);
  const network = new SimNetwork(loop, random, { latencyMs: { min: 1, max: 2 } });
  const { sentinels } = new SimRedisTier({ loop, network, random });
  let surveys = 0;
  const probe = new SimProbe({
    host: new SimHost(loop, 'g0'),
    network,
    sentinels: sentinels.all,
    nodes: [],
    tier: { dial: () => assert.fail('no server is asked') },
    onSurvey: () => {
      surveys += 1;
    },
  });
  for (let survey = 0; survey < 2; survey += 1)
    for (const name of SENTINELS) void probe.askSentinel(addressOf(name), 100);
  loop.run(200);
  assert.equal(surveys, 2);
});
