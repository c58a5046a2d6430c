import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { ReplayTurns } from './replay-turns.ts';

/** Turns of a loop whose timers fire so much too late. */
function turnsOf({ lateMs = 0 } = {}) {
  const clock = createFakeClock();
  const turns = new ReplayTurns({
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, callback) => clock.after(delayMs + lateMs, callback),
  });
  const sent: string[] = [];
  const send = (who: string, pieces: number): void =>
    turns.take(() => {
      sent.push(who);
      if (pieces > 1) send(who, pieces - 1);
    });
  return { clock, sent, send };
}

test('[X3] all replays of a gateway send one piece in 2 ms, in turn', async () => {
  const { clock, sent, send } = turnsOf();
  send('a', 3);
  send('b', 2);
  assert.deepEqual(sent, [], 'never at once');
  for (const pieces of [1, 2, 3, 4, 5, 5]) {
    await clock.run(2);
    assert.equal(sent.length, pieces);
  }
  assert.deepEqual(sent, ['a', 'b', 'a', 'b', 'a']);
  send('c', 1);
  await clock.run(2);
  assert.equal(sent.at(-1), 'c', 'whoever comes later begins anew');
});

test('[X3] a late event loop slows replays down no further, and has no turn longer than 16 pieces', async () => {
  for (const [lateMs, pieces] of [
    [8, 5],
    [1_000, 16],
  ] as const) {
    const { clock, sent, send } = turnsOf({ lateMs });
    for (let n = 0; n < 100; n += 1) send(`member-${n}`, 10);
    await clock.run(2 + lateMs);
    assert.equal(sent.length, pieces, `${lateMs} ms late`);
    assert.equal(new Set(sent).size, pieces, 'each in its turn');
  }
});
