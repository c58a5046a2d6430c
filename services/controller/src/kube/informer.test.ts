import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '@kittiwake/base';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { Informer, type ListWatch, type WatchHandler } from './informer.ts';

type Thing = { readonly name: string };

/** A source whose watches the test feeds by hand. */
function create(lists: readonly (readonly string[])[]) {
  const clock = createFakeClock();
  const handlers: WatchHandler<Thing>[] = [];
  const reasons: string[] = [];
  const versions: string[] = [];
  let closed = 0;
  let listed = 0;
  const source: ListWatch<Thing> = {
    async list() {
      const names = lists[listed];
      listed += 1;
      if (names === undefined) return err({ kind: 'unavailable', code: 500, message: 'no' });
      return ok({ items: names.map(name => ({ name })), version: String(listed * 100) });
    },
    async watch(version, handler) {
      versions.push(version);
      handlers.push(handler);
      return {
        close() {
          closed += 1;
        },
      };
    },
  };
  const informer = new Informer({
    clock,
    random: createSeededRandom(1),
    source,
    key: thing => thing.name,
    onChange: () => {},
    onRelist: reason => reasons.push(reason),
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  const names = () => [...informer.objects.keys()].sort();
  return { clock, informer, handlers, reasons, versions, names, closed: () => closed };
}

test('[R10] events change the copy', async () => {
  const { clock, informer, handlers, names } = create([['a', 'b']]);
  informer.start();
  await clock.run(1);
  handlers[0]?.event({ kind: 'put', object: { name: 'c' }, version: '101' });
  handlers[0]?.event({ kind: 'removed', object: { name: 'a' }, version: '102' });
  assert.deepEqual(names(), ['b', 'c']);
  informer.stop();
});

test('[R10] a gap is closed by a new list: what went unseen is gone', async () => {
  const { clock, informer, handlers, names, reasons } = create([['a', 'b'], ['b']]);
  informer.start();
  await clock.run(1);
  handlers[0]?.ended({ kind: 'gone', code: 410, message: 'too old' });
  await clock.run(1);
  assert.deepEqual(names(), ['b']);
  assert.deepEqual(reasons, ['start', 'expired']);
  informer.stop();
});

test('[R10] silence makes it list anew, and the old watch is closed', async () => {
  const { clock, informer, reasons, closed } = create([['a'], ['a']]);
  informer.start();
  await clock.run(85_000);
  assert.deepEqual(reasons, ['start', 'watchdog']);
  assert.equal(closed(), 1);
  informer.stop();
});

test('[R10] what an old watch still says is dropped', async () => {
  const { clock, informer, handlers, names } = create([['a'], ['a']]);
  informer.start();
  await clock.run(1);
  handlers[0]?.ended({ kind: 'gone', code: 410, message: 'too old' });
  await clock.run(1);
  handlers[0]?.event({ kind: 'put', object: { name: 'ghost' }, version: '1' });
  assert.deepEqual(names(), ['a']);
  informer.stop();
});

test('[R10] an API server that is away costs few requests, and nothing that was known', async () => {
  const { clock, informer, handlers, names, reasons } = create([['a']]);
  informer.start();
  await clock.run(1);
  handlers[0]?.ended({ kind: 'gone', code: 410, message: 'too old' });
  await clock.run(600_000);
  assert.ok(reasons.length > 5 && reasons.length < 120, `${reasons.length} lists in ten minutes`);
  assert.deepEqual(names(), ['a']);
  informer.stop();
  assert.equal(clock.timers, 0);
});
