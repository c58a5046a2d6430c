import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, type FakeClock } from '@kittiwake/testkit';
import { silentLogger } from '../../../telemetry/logger.ts';
import { type Follower, PrimaryFinder } from './primary-finder.ts';
import type { Primary, Probe, RedisAddress } from './probe.ts';

const address = (port: number): RedisAddress => ({ host: '10.0.0.1', port });
const SENTINELS = [address(11), address(12), address(13)];

/** A tier of servers 1–3 that a test breaks; who is silent never answers. */
class FakeTier implements Probe {
  named = 1;
  readonly silent = new Set<number>();
  readonly primaries = new Map<number, Primary>([
    [1, { address: address(1), replid: 'A', formerReplid: '0' }],
  ]);
  questions = 0;
  closed = false;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  promote(port: number, replid: string, formerReplid: string): void {
    this.primaries.set(port, { address: address(port), replid, formerReplid });
  }

  askSentinel(sentinel: RedisAddress, timeoutMs: number) {
    const answer = { primary: address(this.named), replicas: [1, 2, 3].map(address) };
    return this.#answer(sentinel.port, timeoutMs, answer);
  }

  askServer(server: RedisAddress, timeoutMs: number) {
    return this.#answer(server.port, timeoutMs, this.primaries.get(server.port));
  }

  close(): void {
    this.closed = true;
  }

  #answer<T>(port: number, timeoutMs: number, value: T): Promise<T | undefined> {
    this.questions += 1;
    if (!this.silent.has(port)) return Promise.resolve(value);
    return new Promise(resolve => void this.#clock.after(timeoutMs, () => resolve(undefined)));
  }
}

function finderOver() {
  const clock = createFakeClock();
  const tier = new FakeTier(clock);
  return {
    clock,
    tier,
    finder: new PrimaryFinder({ sentinels: SENTINELS, probe: tier, clock, log: silentLogger }),
  };
}

const follower = (port: number): Follower & { left: number } => ({
  address: address(port),
  left: 0,
  leave() {
    this.left += 1;
  },
});

test('[B12] everybody is asked at once, and who is silent delays an answer by a tenth of a second', async () => {
  const { clock, tier, finder } = finderOver();
  tier.silent.add(11).add(2);
  const found = finder.find();
  await clock.run(100);
  assert.deepEqual(await found, address(1));
});

test('[B12] an heir is followed at once, though the former primary is silent and Sentinels still name it', async () => {
  const { clock, tier, finder } = finderOver();
  const connection = follower(1);
  finder.follow(connection);
  await clock.run(250);
  assert.equal(connection.left, 0);
  tier.silent.add(1);
  tier.promote(2, 'B', 'A');
  await clock.run(400);
  assert.ok(connection.left > 0, 'told to leave');
  const found = finder.find();
  await clock.run(100);
  assert.deepEqual(await found, address(2));
  finder.unfollow(connection);
});

test('[B12] nobody is told to leave a second time when the Sentinels name the heir, or the former comes back', async () => {
  const { clock, tier, finder } = finderOver();
  await finder.find();
  tier.promote(2, 'B', 'A');
  const connection = follower(2);
  finder.follow(connection);
  await clock.run(500);
  tier.named = 2;
  await clock.run(1_000);
  assert.equal(connection.left, 0);
  finder.unfollow(connection);
});

test('[B12] while nobody leads, the tier is asked ten times as often', async () => {
  const { clock, tier, finder } = finderOver();
  finder.follow(follower(1));
  await clock.run(1_000);
  const usual = tier.questions;
  tier.primaries.clear();
  await clock.run(1_000);
  assert.ok(tier.questions - usual > 5 * usual, `${usual} questions, then ${tier.questions - usual}`);
});

test('[B12] the last one out ends all questions', async () => {
  const { clock, tier, finder } = finderOver();
  const connection = follower(1);
  finder.follow(connection);
  await clock.run(300);
  finder.unfollow(connection);
  const asked = tier.questions;
  await clock.run(5_000);
  assert.deepEqual([tier.questions, tier.closed, clock.timers], [asked, true, 0]);
});
