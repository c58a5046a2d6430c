import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import { gatewayOf } from '../../test/support/test-hub.ts';

test('[C7] a member that ends in the middle of its welcome is no member', async () => {
  const gateway = gatewayOf();
  const alice = fakeMember('alice');
  const joined = await gateway.hub.join(CHANNEL, alice, {
    rule: channelRule(),
    position: undefined,
    chain: undefined,
    wanted: () => true,
    // As when the welcome does not fit its outbox.
    welcome: () => gateway.leave(alice),
  });
  assert.deepEqual([joined.ok, gateway.hub.channelCount], [true, 0]);
  await gateway.join(alice);
  await gateway.publish(1);
  await gateway.settle();
  assert.deepEqual(alice.offsets, [1]);
});
