import assert from 'node:assert/strict';
import { ok } from '@kittiwake/base';
import { PRESENCE_TIMING } from '../../../src/broker/presence-timing.ts';
import { present } from '../../contract/tier-harness.ts';
import { simulate, TierLab } from './tier-lab.ts';

simulate('[E1] what a member shows stays listed where its next change is refused', () => {
  const lab = new TierLab(31);
  const { presence } = lab.gateway('gateway-0').tier;
  lab.settle(presence.start(() => {}));
  assert.deepEqual(lab.settle(presence.set(lab.channel, present('a', 'first'), 0)), ok());
  lab.tier.fullDisk(true);
  const refused = lab.settle(presence.set(lab.channel, present('a', 'second'), 0));
  assert.equal(!refused.ok && refused.error.kind, 'broker_unavailable');
  lab.tier.fullDisk(false);
  lab.pass(2 * PRESENCE_TIMING.ttlMs);
  assert.deepEqual(lab.settle(presence.list(lab.channel)), ok([present('a', 'first')]));
});
