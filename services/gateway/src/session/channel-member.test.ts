import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonCodec, type SessionId, type UserId } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { publicationAt } from '../../test/support/fixtures.ts';
import { EncodedBroadcast } from '../protocol/encode.ts';
import { ChannelMember } from './channel-member.ts';
import { plainOutlet } from './outlet.ts';
import { Pacer } from './pacer.ts';
import { ReplayTurns } from './replay-turns.ts';

/** A member whose window holds about one publication, unless it is told otherwise. */
function memberOf(windowBytes = 100) {
  const offsets: number[] = [];
  const ends: string[] = [];
  let ref = 0;
  const clock = createFakeClock();
  const pacer = new Pacer({
    clock,
    windowBytes,
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
    turns: new ReplayTurns(clock),
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
  const settle = (): Promise<void> => clock.run(10);
  const read = (): Promise<void> => {
    pacer.ponged(ref);
    return settle();
  };
  return { member, offsets, ends, settle, read };
}

const live = (offset: number) => new EncodedBroadcast(publicationAt(offset));

test('[C2] what is live waits behind a replay that is under way', async () => {
  const { member, offsets, read } = memberOf();
  member.replay(
    [1, 2, 3].map(offset => publicationAt(offset)),
    3,
  );
  member.deliver(live(4));
  assert.deepEqual(offsets, [1], 'the window is full');
  for (const _ of [1, 2, 3]) await read();
  member.deliver(live(5));
  assert.deepEqual(offsets, [1, 2, 3, 4, 5]);
});

test('[C7] a replay ends with its membership', async () => {
  const { member, offsets, read } = memberOf();
  member.replay(
    [1, 2, 3].map(offset => publicationAt(offset)),
    3,
  );
  member.end();
  await read();
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

test('[X3] a replay takes turns with everything else, a piece at a time', async () => {
  const { member, offsets, settle } = memberOf(1_000_000);
  const large = [1, 2, 3, 4, 5].map(offset => ({ ...publicationAt(offset), data: 'x'.repeat(40_000) }));
  member.replay(large, 5);
  member.deliver(live(6));
  assert.deepEqual(offsets, [1, 2], 'one piece at once');
  await settle();
  assert.deepEqual(offsets, [1, 2, 3, 4, 5, 6]);
});

test('[C7] a replay that waits for its turn ends with its membership', async () => {
  const { member, offsets, settle } = memberOf(1_000_000);
  member.replay(
    [1, 2, 3].map(offset => ({ ...publicationAt(offset), data: 'x'.repeat(40_000) })),
    3,
  );
  member.end();
  await settle();
  assert.deepEqual(offsets, [1, 2]);
});
