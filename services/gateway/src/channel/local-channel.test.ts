import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_LINKS_MAX } from '@kittiwake/protocol';
import { fakeMember } from '../../test/support/fake-member.ts';
import { CHANNEL, channelRule, publicationAt } from '../../test/support/fixtures.ts';
import { LocalChannel } from './local-channel.ts';
import type { Standing } from './standing.ts';

/** Somebody who has everything of one history up to `offset`. */
function at(offset: number, epoch = 'a'): Standing {
  return { position: { offset, epoch }, chain: [{ epoch, start: 1 }] };
}

function liveAt(offset: number): LocalChannel {
  const channel = new LocalChannel(CHANNEL, channelRule());
  channel.live(at(offset));
  return channel;
}

test('[C5] every member gets each publication once, in order', () => {
  const channel = liveAt(0);
  const members = [fakeMember('alice'), fakeMember('bob')];
  for (const member of members) channel.attach(member);
  for (const offset of [1, 2, 2, 1, 3]) channel.receive(publicationAt(offset));
  for (const member of members) assert.deepEqual(member.offsets, [1, 2, 3]);
});

test('[C5] a publication after a gap is held until the log was read', () => {
  const channel = liveAt(0);
  const member = fakeMember('alice');
  channel.attach(member);
  assert.equal(channel.receive(publicationAt(3)).verdict, 'repair');
  assert.deepEqual(member.offsets, []);
  channel.repairing();
  channel.beginReading();
  channel.receive(publicationAt(3));
  for (const offset of [1, 2]) channel.advance(publicationAt(offset));
  const held = channel.live(at(2));
  for (const publication of held) channel.receive(publication);
  assert.deepEqual(member.offsets, [1, 2, 3]);
});

test('[C2] what is delivered while a member reads its past is kept for it', () => {
  const channel = liveAt(5);
  const joining = channel.beginJoining();
  channel.receive(publicationAt(6));
  channel.receive(publicationAt(7));
  assert.deepEqual(
    joining.missed.map(({ position }) => position.offset),
    [6, 7],
  );
  channel.endJoining(joining);
  channel.receive(publicationAt(8));
  assert.equal(joining.missed.length, 2);
});

test('[C6] a member that reads its past is told when the history changes underneath', () => {
  const channel = liveAt(5);
  const joining = channel.beginJoining();
  channel.restart({ outcome: 'truncated', divergedAt: 4 }, at(3), { offset: 6, epoch: 'b' });
  assert.equal(joining.stale, true);
});

test('[C6] members hear of another history before its entries', () => {
  const channel = liveAt(5);
  const member = fakeMember('alice');
  channel.attach(member);
  channel.repairing();
  channel.restart({ outcome: 'truncated', divergedAt: 4 }, at(3), { offset: 4, epoch: 'b' });
  channel.advance(publicationAt(4, 'b'));
  assert.deepEqual(
    member.received.map(({ type }) => type),
    ['truncated', 'publication'],
  );
});

test('[C10] a channel remembers the epochs of what its members were given', () => {
  const channel = liveAt(5);
  channel.advance(publicationAt(6, 'b'));
  channel.advance(publicationAt(7, 'b'));
  channel.advance(publicationAt(8, 'c'));
  assert.deepEqual(channel.standing, {
    position: { offset: 8, epoch: 'c' },
    chain: [
      { epoch: 'a', start: 1 },
      { epoch: 'b', start: 6 },
      { epoch: 'c', start: 8 },
    ],
  });
  for (let offset = 9; offset < 100; offset += 1) channel.advance(publicationAt(offset, `epoch-${offset}`));
  assert.equal(channel.standing.chain.length, CHAIN_LINKS_MAX);
});

test('[X3] what is held is bounded: the oldest go, and the log is read again', () => {
  const channel = new LocalChannel(CHANNEL, channelRule());
  for (let offset = 1; offset <= 3_000; offset += 1) channel.receive(publicationAt(offset));
  const held = channel.live(at(0));
  assert.equal(held.length, 1_024);
  assert.equal(channel.receive(held[0] ?? publicationAt(1)).verdict, 'repair');
});

test('[C7] a member that left gets nothing more', () => {
  const channel = liveAt(0);
  const member = fakeMember('alice');
  channel.attach(member);
  channel.receive(publicationAt(1));
  assert.equal(channel.detach(member.id), true);
  channel.receive(publicationAt(2));
  assert.deepEqual(member.offsets, [1]);
  assert.equal(channel.idle, true);
});

test('[P5] a message for many is encoded once per format', () => {
  const channel = liveAt(0);
  const frames = new Set<unknown>();
  for (const name of ['alice', 'bob', 'carol']) {
    channel.attach({ ...fakeMember(name), deliver: message => void frames.add(message.frame('json')) });
  }
  channel.receive(publicationAt(1));
  assert.equal(frames.size, 1);
});
