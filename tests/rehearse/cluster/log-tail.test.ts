import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogTail } from './log-tail.ts';

/** A log as Redis would tell it: `ids` from `firstKept` on, and nothing where there is none, as Lua writes it. */
class FakeLog {
  chain = 'e1:1';
  firstKept = 1;
  ids: number[] = [];

  readonly command = async (...args: readonly string[]): Promise<string> => {
    const from = Math.max(Number(args.at(-1)), this.firstKept);
    const told = this.ids.slice(from - this.firstKept);
    const offsets = told.map((_, index) => `${from + index}-0`);
    const orNothing = (list: readonly unknown[]): unknown => (list.length === 0 ? {} : list);
    const head = this.firstKept + this.ids.length - 1;
    return JSON.stringify([[String(head), this.chain, orNothing(offsets), orNothing(told)]]);
  };
}

const world = (): { readonly log: FakeLog; readonly tail: LogTail } => {
  const log = new FakeLog();
  return { log, tail: new LogTail(log.command, ['chat:1']) };
};

test('[V3] readings are put together, and each round gets what is new', async () => {
  const { log, tail } = world();
  await tail.read();
  log.ids = [10, 20, 30];
  await tail.read();
  // What was read may be trimmed.
  log.ids = [30, 40];
  log.firstKept = 3;
  await tail.read();
  const [first] = tail.take(1);
  assert.deepEqual([first?.head, first?.firstKept, first?.ids], [4, 1, [10, 20, 30, 40]]);
  log.ids.push(50);
  await tail.read();
  const [second] = tail.take(2);
  assert.deepEqual([second?.head, second?.firstKept, second?.ids], [5, 5, [50]]);
});

test('[V3] what was trimmed before it was read is no guess', async () => {
  const { log, tail } = world();
  log.ids = [10];
  await tail.read();
  log.ids = [40];
  log.firstKept = 4;
  await assert.rejects(tail.read(), /read too late/);
});

test('[V3] another history is read anew', async () => {
  const { log, tail } = world();
  log.ids = [10, 20, 30];
  await tail.read();
  log.chain = 'e1:1,e2:2';
  log.ids = [10, 21];
  await tail.read();
  const [line] = tail.take(1);
  assert.deepEqual([line?.head, line?.ids, line?.chain.length], [2, [10, 21], 2]);
});
