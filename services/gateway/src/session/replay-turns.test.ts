import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayTurns } from './replay-turns.ts';

/** Turns of an event loop that is moved by hand. */
function turnsOf() {
  const loop: (() => void)[] = [];
  const sent: string[] = [];
  const turns = new ReplayTurns({ turn: callback => void loop.push(callback) });
  const send = (who: string, pieces: number): void =>
    turns.take(() => {
      sent.push(who);
      if (pieces > 1) send(who, pieces - 1);
    });
  /** One turn of the loop; how many callbacks it had. */
  const turn = (): number => {
    const due = loop.splice(0);
    for (const callback of due) callback();
    return due.length;
  };
  return { sent, send, turn };
}

test('[X3] one piece is sent in each turn, by all replays in turn', () => {
  const { sent, send, turn } = turnsOf();
  send('a', 3);
  send('b', 2);
  assert.deepEqual(sent, [], 'never at once');
  const callbacks = [1, 2, 3, 4, 5, 6].map(turn);
  assert.deepEqual(sent, ['a', 'b', 'a', 'b', 'a']);
  assert.deepEqual(callbacks, [1, 1, 1, 1, 1, 0]);
});

test('[X3] whoever comes later begins anew', () => {
  const { sent, send, turn } = turnsOf();
  send('a', 1);
  turn();
  send('b', 1);
  turn();
  assert.deepEqual(sent, ['a', 'b']);
});
