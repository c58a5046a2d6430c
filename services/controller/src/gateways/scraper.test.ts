import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred, err, ok, type Result } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { noMetrics } from '../telemetry/metrics.ts';
import type { GatewayPod, GatewayState } from './gateway-pod.ts';
import { type Scrape, type ScrapeError, Scraper } from './scraper.ts';

const pod = (uid: string, state: GatewayState = 'ready'): [string, GatewayPod] => [
  uid,
  { uid, name: uid, namespace: 'kittiwake', labels: new Map(), ip: `ip-${uid}`, state },
];

function create(gateways: Map<string, GatewayPod>, scrape: Scrape) {
  const clock = createFakeClock();
  const errors: string[] = [];
  const scraper = new Scraper({
    clock,
    metrics: noMetrics,
    scrape,
    intervalMs: 5_000,
    gateways: () => gateways,
    onError: (gateway, error) => errors.push(`${gateway.name} ${error.kind}`),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  return { clock, scraper, errors };
}

test('[R13] only ready gateways are asked', async () => {
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
