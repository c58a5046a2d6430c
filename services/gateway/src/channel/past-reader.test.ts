import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ok } from '@kittiwake/base';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import type { Broker } from '../broker/broker.ts';
import { LocalChannel } from './local-channel.ts';
import { PastReader } from './past-reader.ts';

/** A reader over a broker that answers when it is told to. */
function readerOf() {
  const underWay: { readonly bytesMax: number | undefined; readonly answer: () => void }[] = [];
  const read: Broker['read'] = (_, { bytesMax }) =>
    new Promise(resolve => {
      const head = { offset: 0, epoch: '' };
      const page = {
        head,
        chain: [],
        firstKept: 1,
        resume: { outcome: 'recovered' as const },
        publications: [],
      };
      underWay.push({ bytesMax, answer: () => resolve(ok(page)) });
    });
  const reader = new PastReader({ read });
  const channel = new LocalChannel(CHANNEL, channelRule());
  const ask = (before: number): void =>
    void reader.page(channel, { since: { offset: 1, epoch: 'A' } }, before);
  return { underWay, ask };
}

test('[B14] few long pasts are read at a time, the others wait for their turn', async () => {
  const { underWay, ask } = readerOf();
  for (let n = 0; n < 5; n += 1) ask(1);
  await turn();
  assert.deepEqual(
    underWay.map(({ bytesMax }) => bytesMax),
    [131_072, 131_072],
  );
  underWay[1]?.answer();
  await turn();
  assert.equal(underWay.length, 3);
});

test('[B14] who missed little does not wait for those who missed much', async () => {
  const { underWay, ask } = readerOf();
  for (let n = 0; n < 5; n += 1) ask(1);
  for (let n = 0; n < 100; n += 1) ask(0);
  await turn();
  const first = underWay.filter(({ bytesMax }) => bytesMax === 32_768);
  assert.equal(first.length, 32);
  for (const { answer } of first) answer();
  await turn();
  assert.equal(underWay.length, 2 + 64);
});
