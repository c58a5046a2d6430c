import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay } from '@kittiwake/base';
import { createSeededRandom } from '../seeded-random.ts';
import { fromPlainCallback } from './from-plain-callback.ts';
import { SimHost } from './sim-host.ts';
import { SimLoop } from './sim-loop.ts';
import { SimNetwork } from './sim-network.ts';

function simulate(name: string, body: () => void): void {
  test(name, () => fromPlainCallback(body));
}

simulate('[Y1] events happen by their moment, then by their making, promises in between', () => {
  const loop = new SimLoop();
  const seen: string[] = [];
  loop.at(20, () => seen.push('late'));
  loop.at(10, () => {
    seen.push('first');
    void Promise.resolve().then(() => seen.push('its promise'));
  });
  loop.at(10, () => seen.push('second'));
  loop.at(15, () => assert.fail('it was called off')).cancel();
  loop.run(15);
  assert.deepEqual([seen, loop.nowMs], [['first', 'its promise', 'second'], 15]);
  loop.run(30);
  assert.equal(seen.at(-1), 'late');
});

simulate('[Y1] many events come out in order', () => {
  const loop = new SimLoop();
  const random = createSeededRandom(3);
  const seen: number[] = [];
  for (let n = 0; n < 1_000; n += 1) loop.at(random.next() * 100, () => seen.push(loop.nowMs));
  loop.run(100);
  assert.equal(seen.length, 1_000);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
});

simulate('[Y1] a paused process misses nothing and hears it late, a dead one hears nothing', () => {
  const loop = new SimLoop();
  const host = new SimHost(loop, 'gateway-0');
  const seen: string[] = [];
  void delay(host.clock, 10).then(() => seen.push(`timer at ${loop.nowMs}`));
  host.clock.after(12, () => assert.fail('it was called off while it waited')).cancel();
  loop.at(5, () => host.pause());
  loop.at(11, () => host.deliver(() => seen.push(`word at ${loop.nowMs}`)));
  loop.at(50, () => host.resume());
  loop.run(60);
  assert.deepEqual(seen, ['timer at 50', 'word at 50']);
  host.clock.after(10, () => assert.fail('it is dead'));
  host.kill();
  loop.run(100);
});

simulate(
  '[Y1] a pipe keeps its order, waits while its way is cut, and loses what is under way when it closes',
  () => {
    const loop = new SimLoop();
    const network = new SimNetwork(loop, createSeededRandom(1), { latencyMs: { min: 1, max: 20 } });
    const [a, b] = [new SimHost(loop, 'a'), new SimHost(loop, 'b')];
    const pipe = network.pipe(a, b);
    const seen: number[] = [];
    for (let n = 0; n < 50; n += 1) pipe.send(() => seen.push(n));
    loop.run(30);
    assert.deepEqual(
      seen,
      Array.from({ length: 50 }, (_, n) => n),
    );
    network.cut('a', 'b');
    pipe.send(() => seen.push(50));
    loop.run(100);
    assert.equal(seen.length, 50);
    network.heal('a', 'b');
    loop.run(130);
    assert.equal(seen.at(-1), 50);
    pipe.send(() => assert.fail('the pipe is closed'));
    pipe.close();
    loop.run(200);
  },
);

simulate('[Y1] trouble duplicates and reorders, the same way for the same seed', () => {
  const arrivals = (seed: number): readonly number[] => {
    const loop = new SimLoop();
    const network = new SimNetwork(loop, createSeededRandom(seed), { latencyMs: { min: 1, max: 5 } });
    const pipe = network.pipe(new SimHost(loop, 'a'), new SimHost(loop, 'b'));
    pipe.trouble = { duplicate: 0.3, reorder: 0.3, delayMs: 2 };
    const seen: number[] = [];
    for (let n = 0; n < 30; n += 1) loop.at(n, () => pipe.send(() => seen.push(n)));
    loop.run(100);
    return seen;
  };
  const seen = arrivals(5);
  assert.deepEqual(arrivals(5), seen);
  assert.ok(seen.length > 30);
  assert.notDeepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
});
