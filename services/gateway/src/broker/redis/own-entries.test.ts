import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionId } from '@kittiwake/protocol';
import { CHANNEL } from '../../../test/support/fixtures.ts';
import { OwnEntries, type OwnEntry } from './own-entries.ts';

const MEMBER = 's-1' as SessionId;

function change(order: number): OwnEntry {
  return { member: MEMBER, attempt: 1, order, text: `{"change":${order}}` };
}

/** Entries with one that is stored, and two changes of it that are on their way. */
function changing() {
  const entries = new OwnEntries();
  const [stored, first, second] = [change(1), change(2), change(3)];
  entries.ask(CHANNEL, stored);
  entries.accepted(stored);
  for (const asked of [first, second]) entries.ask(CHANNEL, asked);
  return { entries, stored, first, second, kept: () => entries.get(CHANNEL, MEMBER) };
}

test('[E4] a change that is refused leaves what was asked for after it', () => {
  const { entries, first, second, kept } = changing();
  entries.refused(CHANNEL, first);
  assert.equal(kept(), second);
  entries.accepted(second);
  assert.deepEqual(entries.all(), [[CHANNEL, [second]]]);
});

for (const order of ['as they were asked for', 'the other way round'] as const)
  test(`[E1] where every change is refused what was stored stands: ${order}`, () => {
    const { entries, stored, first, second, kept } = changing();
    const refused = order === 'the other way round' ? [second, first] : [first, second];
    for (const asked of refused) entries.refused(CHANNEL, asked);
    assert.equal(kept(), stored);
  });

test('[E1] what was refused, and nothing stood before it, is not kept up', () => {
  const entries = new OwnEntries();
  const only = change(1);
  entries.ask(CHANNEL, only);
  entries.refused(CHANNEL, only);
  assert.deepEqual(entries.all(), []);
});

test('[E4] what another store has taken over is given up, unless it was set here since', () => {
  const { entries, stored, first, second, kept } = changing();
  for (const earlier of [stored, first]) entries.lost(CHANNEL, earlier);
  assert.equal(kept(), second);
  entries.lost(CHANNEL, second);
  assert.deepEqual(entries.all(), []);
});

test('[E1] what was taken off the list does not come back with a refusal', () => {
  const { entries, second, kept } = changing();
  entries.remove(CHANNEL, MEMBER);
  entries.refused(CHANNEL, second);
  assert.equal(kept(), undefined);
});
