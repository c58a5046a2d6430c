import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, Position } from '@kittiwake/protocol';
import { CHANNEL } from '../../../test/support/fixtures.ts';
import { type Look, TailLedger } from './tail-ledger.ts';

const at = (offset: number, epoch = 'A'): Position => ({ offset, epoch });

/** A ledger that follows the channel, which was read at `head`. */
function standingAt(head: Position): TailLedger {
  const ledger = new TailLedger();
  ledger.follow(CHANNEL);
  ledger.read(CHANNEL, head);
  return ledger;
}

/** The look at the channel. */
function lookOf(ledger: TailLedger): Look {
  const [look] = ledger.next(1);
  assert.ok(look !== undefined);
  return look;
}

test('[B9] a tail that is as it was announced is not doubted', () => {
  const ledger = standingAt(at(4));
  assert.equal(ledger.announced(CHANNEL, at(5)), true);
  assert.equal(ledger.judge(lookOf(ledger), at(5)), false);
});

test('[B9] an empty channel has no epoch that could be another one', () => {
  const ledger = standingAt(at(0, 'some-primary'));
  assert.equal(ledger.judge(lookOf(ledger), at(0, '')), false);
});

test('[B9] a tail that is gone, went back, or is of another history is doubted, once', () => {
  for (const tail of [at(0, ''), at(4), at(3, 'B'), at(5, 'B')]) {
    const ledger = standingAt(at(5));
    assert.equal(ledger.judge(lookOf(ledger), tail), true);
    assert.equal(ledger.judge(lookOf(ledger), tail), false);
  }
});

test('[B9] a tail that is ahead may be announced yet, and is doubted the next time if it was not', () => {
  const ledger = standingAt(at(5));
  assert.equal(ledger.judge(lookOf(ledger), at(6)), false);
  ledger.announced(CHANNEL, at(6));
  assert.equal(ledger.judge(lookOf(ledger), at(7)), false, '7 was not there the last time');
  assert.equal(ledger.judge(lookOf(ledger), at(7)), true);
  assert.equal(ledger.judge(lookOf(ledger), at(7)), false);
});

test('[B9] what arrives after a look was sent does not count for it', () => {
  const ledger = standingAt(at(5));
  const look = lookOf(ledger);
  ledger.announced(CHANNEL, at(6));
  assert.equal(ledger.judge(look, at(5)), false);
});

test('[B9] a channel that is about to be read anew is not judged by what was seen of it before', () => {
  const ledger = standingAt(at(5));
  const look = lookOf(ledger);
  ledger.forget();
  assert.equal(ledger.judge(look, at(1, 'B')), false);
  assert.deepEqual(ledger.next(1), []);
  ledger.read(CHANNEL, at(1, 'B'));
  ledger.read(CHANNEL, at(9, 'C'));
  assert.deepEqual(lookOf(ledger).seen, at(1, 'B'), 'a later read does not stand for announcements');
});

test('[B9] channels take turns, so many at a time', () => {
  const ledger = new TailLedger();
  const channels = Array.from({ length: 5 }, (_, n) => `chat:${n}` as ChannelName);
  for (const channel of channels) {
    ledger.follow(channel);
    ledger.announced(channel, at(1));
  }
  const turn = (): readonly ChannelName[] => ledger.next(2).map(look => look.channel);
  const [a, b, c, d, e] = channels;
  assert.deepEqual([turn(), turn(), turn(), turn()], [[a, b], [c, d], [e], [a, b]]);
  for (const channel of [c, d]) ledger.unfollow(channel as ChannelName);
  assert.deepEqual([turn(), turn()], [[e], [a, b]]);
  assert.equal(ledger.announced(c as ChannelName, at(2)), false);
});

test('[B9] a channel that hides something has come as far as it is shown', () => {
  const ledger = standingAt(at(5));
  assert.equal(ledger.judge(lookOf(ledger), at(5, '')), false);
  assert.equal(ledger.judge(lookOf(ledger), at(4, '')), true);
});
