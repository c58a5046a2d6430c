import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { Poller } from './poller.ts';

test('[R5] asks often until there is a value, seldom then, and keeps it through failures', async () => {
  const clock = createFakeClock();
  let answer: Result<string | undefined, string> = ok(undefined);
  let reads = 0;
  const changes: string[] = [];
  const poller = new Poller<string>({
    clock,
    read: async () => {
      reads += 1;
      return answer;
    },
    periods: { untilFoundMs: 500, afterwardsMs: 15_000 },
    isSame: (a, b) => a === b,
    onChange: value => changes.push(value),
    onError: () => {},
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  poller.start();
  await clock.run(1_100);
  assert.equal(reads, 3);
  answer = ok('one');
  await clock.run(500);
  await clock.run(29_000);
  assert.deepEqual(changes, ['one']);
  assert.equal(reads, 5);
  answer = err('away');
  await clock.run(15_000);
  assert.equal(poller.value, 'one');
  poller.stop();
  assert.equal(clock.timers, 0);
});
