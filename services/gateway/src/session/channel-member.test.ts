import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonCodec, type SessionId, type UserId } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { publicationAt } from '../../test/support/fixtures.ts';
import { EncodedBroadcast } from '../protocol/encode.ts';
import { ChannelMember } from './channel-member.ts';
import { plainOutlet } from './outlet.ts';
import { Pacer } from './pacer.ts';

/** A member whose window holds about one publication. */
function memberOf() {
  const offsets: number[] = [];
  const ends: string[] = [];
  let ref = 0;
  const pacer = new Pacer({
    clock: createFakeClock(),
    windowBytes: 100,
    timeoutMs: 1_000,
    ping: () => {
      ref += 1;
      return ref;
    },
    onSlow: () => {},
  });
  const member = new ChannelMember({
    id: 's-1' as SessionId,
    user: 'alice' as UserId,
    format: 'json',
    pacer,
    outlet: plainOutlet({
      format: 'json',
      write: frame => {
        const decoded = jsonCodec.decodeServer(frame.payload.toString());
        if (decoded.ok && decoded.value.type === 'publication') offsets.push(decoded.value.position.offset);
      },
    }),
    seesPresence: () => true,
    onOverflow: () => void ends.push('overflow'),
  });
  return { member, offsets, ends, read: () => pacer.ponged(ref) };
}

const live = (offset: number) => new EncodedBroadcast(publicationAt(offset));

test('[C2] what is live waits behind a replay that is under way', () => {
  const { member, offsets, read } = memberOf();
  member.replay(
    [1, 2, 3].map(offset => publicationAt(offset)),
    3,
  );
  member.deliver(live(4));
  assert.deepEqual(offsets, [1], 'the window is full');
  for (const _ of [1, 2, 3]) read();
  member.deliver(live(5));
  assert.deepEqual(offsets, [1, 2, 3, 4, 5]);
});

test('[C7] a replay ends with its membership', () => {
  const { member, offsets, read } = memberOf();
  member.replay(
    [1, 2, 3].map(offset => publicationAt(offset)),
    3,
  );
  member.end();
  read();
  assert.deepEqual(offsets, [1]);
});

test('[X3] what waits behind a replay is bounded', () => {
  const { member, ends } = memberOf();
  member.replay(
    [1, 2].map(offset => publicationAt(offset)),
    3,
  );
  const large = { ...publicationAt(3), data: 'x'.repeat(300_000) };
  for (const _ of [1, 2, 3, 4]) member.deliver(new EncodedBroadcast(large));
  assert.deepEqual(ends, ['overflow']);
});
