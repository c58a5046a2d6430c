import assert from 'node:assert/strict';
import { SimHost } from '@kittiwake/testkit';
import { SENTINELS, simulate, TierLab } from '../tier-lab.ts';
import { addressOf, SimProbe } from './sim-probe.ts';

simulate('[B12] a survey is counted once, however many Sentinels are asked in it', () => {
  const lab = new TierLab(1);
  let surveys = 0;
  const probe = new SimProbe({
    host: new SimHost(lab.loop, 'g0'),
    network: lab.network,
    sentinels: lab.tier.sentinels.all,
    nodes: [],
    tier: { dial: () => assert.fail('no server is asked') },
    onSurvey: () => {
      surveys += 1;
    },
  });
  for (let survey = 0; survey < 2; survey += 1)
    for (const name of SENTINELS) void probe.askSentinel(addressOf(name), 100);
  lab.pass(200);
  assert.equal(surveys, 2);
});
