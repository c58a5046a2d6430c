import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred, err, ok, type Result } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { aPod, aStatus } from '../../test/a-gateway.ts';
import { noMetrics } from '../telemetry/metrics.ts';
import type { GatewayPod, GatewayState } from './gateway-pod.ts';
import { type Look, type Scrape, type ScrapeError, Scraper } from './scraper.ts';

const pod = (uid: string, state: GatewayState = 'ready'): [string, GatewayPod] => [uid, aPod(uid, { state })];

/** Every gateway says who it is. */
const lookAll: Look = async address => ok(aStatus(address.replace('ip-', '')));

function create(gateways: Map<string, GatewayPod>, scrape: Scrape, look = lookAll) {
  const clock = createFakeClock();
  const errors: string[] = [];
  const seen = { rounds: 0, isHurried: false };
  const scraper = new Scraper({
    clock,
    metrics: noMetrics,
    scrape,
    look,
    intervalMs: 5_000,
    gateways: () => gateways,
    isHurried: () => seen.isHurried,
    onRound: () => {
      seen.rounds += 1;
    },
    onError: (gateway, error) => errors.push(`${gateway.name} ${error.kind}`),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  return { clock, scraper, errors, seen };
}

test('[R13] only ready gateways are asked for their connections', async () => {
  const asked: string[] = [];
  const gateways = new Map([pod('a'), pod('b', 'terminating'), pod('c', 'not_ready')]);
  const { scraper } = create(gateways, async address => {
    asked.push(address);
    return ok(1);
  });
  await scraper.round();
  assert.deepEqual(asked, ['ip-a']);
});

test('[R12] a failed scrape keeps the older value with its older time', async () => {
  let answer: Result<number, ScrapeError> = ok(7);
  const { clock, scraper, errors } = create(new Map([pod('a')]), async () => answer);
  await scraper.round();
  answer = err({ kind: 'timeout', message: '' });
  clock.advance(1_000);
  await scraper.round();
  assert.equal(scraper.samples.get('a')?.value, 7);
  assert.equal(scraper.samples.get('a')?.atMs, 0);
  assert.deepEqual(errors, ['a timeout']);
});

test('[R12] the value of a gateway that is gone is forgotten', async () => {
  const gateways = new Map([pod('a')]);
  const { scraper } = create(gateways, async () => ok(7));
  await scraper.round();
  gateways.clear();
  await scraper.round();
  assert.equal(scraper.samples.size, 0);
});

test('[R11] a round never overlaps the one before, and runs at most 16 scrapes at once', async () => {
  const gate = deferred<void>();
  let running = 0;
  let most = 0;
  const gateways = new Map(Array.from({ length: 40 }, (_, index) => pod(`p${index}`)));
  const { clock, scraper } = create(gateways, async () => {
    running += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
    return ok(1);
  });
  scraper.start();
  await clock.run(30_000);
  assert.equal(running, 16);
  gate.resolve();
  await clock.run(1);
  assert.equal(most, 16);
  assert.equal(scraper.samples.size, 40);
  assert.equal(scraper.hasFinishedRound, true);
});

const silent: Scrape = async () => ok(1);

test('[R22] all gateways that may answer are asked how they are, also those that leave', async () => {
  const gateways = new Map([pod('a'), pod('b', 'terminating'), pod('c', 'not_ready'), pod('d', 'finished')]);
  gateways.set('e', aPod('e', { ip: undefined }));
  const { scraper } = create(gateways, silent);
  await scraper.round();
  assert.deepEqual([...scraper.statuses.keys()].sort(), ['a', 'b', 'c']);
  gateways.clear();
  await scraper.round();
  assert.equal(scraper.statuses.size, 0);
});

test('[R22] an answer of another gateway, at an address that was given away, is not believed', async () => {
  const { scraper, errors } = create(new Map([pod('a')]), silent, async () => ok(aStatus('b')));
  await scraper.round();
  assert.equal(scraper.statuses.size, 0);
  assert.deepEqual(errors, ['a mistaken']);
});

test('[R22] a gateway that starts or ends may be silent, one that is ready may not', async () => {
  const gateways = new Map([pod('a'), pod('b', 'terminating'), pod('c', 'not_ready')]);
  const mute: Look = async () => err({ kind: 'unreachable', message: '' });
  const { scraper, errors } = create(gateways, silent, mute);
  await scraper.round();
  assert.deepEqual(errors, ['a unreachable']);
});

test('[R22] rounds are seconds apart while it is hurried, and an interval otherwise', async () => {
  const { clock, scraper, seen } = create(new Map([pod('a')]), silent);
  scraper.start();
  await clock.run(10_000);
  assert.equal(seen.rounds, 2);
  seen.isHurried = true;
  await clock.run(10_000);
  assert.equal(seen.rounds, 12);
});

test('[R35] counts looks in a row at which nothing came; whatever is said ends the silence', async () => {
  const answers: ReturnType<Look>[] = [];
  const say = (result: Awaited<ReturnType<Look>>): number => answers.push(Promise.resolve(result));
  const scraper = create(
    new Map([pod('a')]),
    async () => ok(1),
    () => answers.shift() ?? assert.fail('asked too often'),
  ).scraper;
  const missedAfter = async (): Promise<number> => {
    await scraper.round();
    return scraper.missed.get('a') ?? 0;
  };
  for (const kind of ['timeout', 'unreachable', 'malformed', 'timeout'] as const)
    say(err({ kind, message: '' }));
  say(ok(aStatus('a')));
  const counted: number[] = [];
  for (let look = 0; look < 5; look += 1) counted.push(await missedAfter());
  assert.deepEqual(counted, [1, 2, 0, 1, 0]);
});
