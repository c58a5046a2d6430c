import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePrimary, type Followed, type Survey } from './primary-choice.ts';
import type { Primary, RedisAddress } from './probe.ts';

const address = (port: number): RedisAddress => ({ host: '10.0.0.1', port });
/** A server that says it is primary of `replid`, promoted out of `formerReplid`. */
const primary = (port: number, replid: string, formerReplid = '0'): Primary => ({
  address: address(port),
  replid,
  formerReplid,
});
const chosen = (
  named: readonly number[],
  primaries: readonly Primary[],
  followed: Partial<Followed> = {},
): number | undefined => {
  const survey: Survey = { sentinels: 3, named: named.map(address), primaries };
  return choosePrimary(survey, { now: undefined, before: undefined, ...followed })?.primary.address.port;
};

const FIRST = primary(1, 'A');
const HEIR = primary(2, 'B', 'A');

test('[B12] the server that most Sentinels name leads, where it says so itself', () => {
  assert.equal(chosen([1, 1, 1], [FIRST]), 1);
  assert.equal(chosen([1, 1, 2], [FIRST]), 1);
  assert.equal(chosen([1, 1, 1], []), undefined, 'it is down, or a replica');
});

test('[B12] an heir leads before any Sentinel has said so', () => {
  assert.equal(chosen([1, 1, 1], [HEIR], { now: FIRST }), 2);
  assert.equal(chosen([], [HEIR], { now: FIRST }), 2, 'no Sentinel answers');
});

test('[B12] a primary that comes back is deposed beside its heir, whatever Sentinels still say', () => {
  assert.equal(chosen([1, 1, 1], [FIRST, HEIR], { now: FIRST }), 2);
  assert.equal(chosen([1, 1, 1], [FIRST, HEIR], { now: HEIR, before: FIRST }), 2);
  assert.equal(chosen([1, 1, 2], [FIRST, HEIR]), 2, 'also for who follows nobody yet');
});

test('[B12] an heir that was chosen is kept until the Sentinels name it', () => {
  assert.equal(chosen([1, 1, 1], [HEIR], { now: HEIR, before: FIRST }), 2);
});

test('[B12] an heir gives way to the third server that most Sentinels name', () => {
  const third = primary(3, 'C', 'A');
  assert.equal(chosen([3, 3, 1], [HEIR, third], { now: FIRST }), 3);
  assert.equal(chosen([3, 3, 3], [HEIR, third], { now: HEIR, before: FIRST }), 3);
  assert.equal(
    chosen([3, 3, 3], [HEIR], { now: HEIR, before: FIRST }),
    undefined,
    'even where it is out of reach',
  );
});

test('[B12] a stranger that says it is primary is none', () => {
  assert.equal(chosen([1, 1, 1], [primary(9, 'Z')], { now: FIRST }), undefined);
});

test('[B12] while most Sentinels are down, the one that is named leads', () => {
  assert.equal(chosen([1], [FIRST]), 1);
  assert.equal(chosen([], [FIRST]), undefined);
  assert.equal(chosen([], [FIRST], { now: FIRST }), 1, 'or the one that we follow');
});
