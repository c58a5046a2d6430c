import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@kittiwake/base';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { CHANNEL } from '../../test/support/fixtures.ts';
import { ChannelMember } from './channel-member.ts';
import { Memberships } from './memberships.ts';
import { plainOutlet } from './outlet.ts';

const ID = 's-1' as SessionId;

function membershipsOf(shownElse = false) {
  const seen: string[] = [];
  const hub = {
    join: async () => ok(),
    find: () => undefined,
    leave: () => {
      seen.push('left');
      return true;
    },
  };
  const presence = {
    set: async () => ok(),
    entries: async () => ok([]),
    isShown: () => shownElse,
    linger: () => void seen.push('lingers'),
    remove: async () => {
      seen.push('removed');
      return ok();
    },
  };
  const memberships = new Memberships({ hub, presence });
  memberships.add(
    CHANNEL,
    new ChannelMember({
      id: ID,
      user: 'alice' as UserId,
      format: 'json',
      pacer: { hasRoom: true, spend: () => {}, whenRoom: () => {} },
      turns: { take: () => {} },
      outlet: plainOutlet({ format: 'json', write: () => {} }),
      seesPresence: () => true,
      onOverflow: () => {},
    }),
  );
  return { memberships, seen };
}

const ENDS = [
  { code: 1000, presence: 'removed' },
  { code: 4410, presence: 'removed' },
  { code: 1006, presence: 'lingers' },
  { code: 4402, presence: 'lingers' },
  { code: 4409, presence: 'lingers' },
  { code: 4450, presence: 'lingers' },
] as const;

for (const { code, presence } of ENDS) {
  test(`[E5] after ${code} the presence of the member is ${presence}`, () => {
    const { memberships, seen } = membershipsOf();
    memberships.release(code);
    assert.deepEqual(seen, ['left', presence]);
    assert.equal(memberships.size, 0);
  });
}

test('[E5] what is set after the end goes the way of the rest', () => {
  const { memberships, seen } = membershipsOf();
  memberships.release(1000);
  memberships.release(1006);
  memberships.forget(CHANNEL, ID);
  assert.deepEqual(seen, ['left', 'removed', 'removed']);
});

for (const code of [1000, 1006])
  test(`[E4] after ${code} the presence of the member stays where a later connection of its session shows it`, () => {
    const { memberships, seen } = membershipsOf(true);
    memberships.release(code);
    memberships.forget(CHANNEL, ID);
    assert.deepEqual(seen, ['left']);
  });

test('[C7] a membership ends once', () => {
  const { memberships } = membershipsOf();
  assert.deepEqual([memberships.end(CHANNEL), memberships.end(CHANNEL)], [true, false]);
});
