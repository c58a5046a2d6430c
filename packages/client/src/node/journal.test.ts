import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Journal, type JournalOptions, openJournal } from './journal.ts';

const OPTIONS = { sync: false, deadLinesMax: 1_000, deadBytesMax: 1_000_000 };

const openedAt = new Map<string, Journal[]>();

/** The path of a journal that goes with the test, once all who have it open are done with it. */
async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-journal-'));
  const path = join(folder, 'outbox.jsonl');
  const journals: Journal[] = [];
  openedAt.set(path, journals);
  t.after(async () => {
    for (const journal of journals) await journal.close();
    await rm(folder, { recursive: true });
  });
  return path;
}

async function opened(path: string, more: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({ ...OPTIONS, path, ...more });
  openedAt.get(path)?.push(journal);
  return journal;
}

const idsOf = ({ live }: Journal): string[] => [...live.keys()];

test('[K14] a last line that was cut anywhere is left out, and the next one begins a line', async t => {
  const path = await place(t);
  const whole = '{"put":"a","text":"1"}\n';
  const last = '{"put":"b","text":"two"}\n';
  for (let cut = 0; cut < last.length; cut += 1) {
    await writeFile(path, whole + last.slice(0, cut));
    const journal = await openJournal({ ...OPTIONS, path });
    assert.deepEqual([idsOf(journal), journal.damaged], [['a'], 0]);
    await journal.write({ put: 'c', text: '3' });
    await journal.close();
    assert.equal(await readFile(path, 'utf8'), `${whole}{"put":"c","text":"3"}\n`);
  }
});

test('[K14] a line in the middle that cannot be read is counted, and the others are there', async t => {
  const path = await place(t);
  await writeFile(path, '{"put":"a","text":"1"}\nnonsense\n{"put":7}\nnull\n{"put":"b","text":"2"}\n');
  const journal = await opened(path);
  assert.deepEqual([idsOf(journal), journal.damaged], [['a', 'b'], 3]);
});

test('[K14] lines of one turn are one write', async t => {
  const path = await place(t);
  const journal = await opened(path, { sync: true });
  const written = Array.from({ length: 20 }, (_, index) => journal.write({ put: `${index}`, text: 'x' }));
  assert.ok((await Promise.all(written)).every(({ ok }) => ok));
  assert.equal((await readFile(path, 'utf8')).split('\n').length, 21);
  assert.equal(journal.live.size, 20);
});

test('[K14] dead lines are got rid of once they are many, and nothing that lives', async t => {
  const path = await place(t);
  const journal = await opened(path, { deadLinesMax: 10 });
  await journal.write({ put: 'kept', text: 'x' });
  for (let index = 0; index < 100; index += 1) {
    await journal.write({ put: 'gone', text: String(index) });
    await journal.write({ remove: 'gone' });
    const lines = (await readFile(path, 'utf8')).split('\n').length - 1;
    assert.ok(lines < 20, `${lines} lines`);
  }
  const again = await opened(path);
  assert.deepEqual(idsOf(again), ['kept']);
});

test('[K14] dead bytes are bounded as dead lines are', async t => {
  const path = await place(t);
  const journal = await opened(path, { deadBytesMax: 5_000 });
  for (let index = 0; index < 50; index += 1) {
    await journal.write({ put: 'a', text: 'x'.repeat(1_000) });
    assert.ok((await stat(path)).size < 8_000);
  }
  assert.equal(journal.live.get('a')?.text.length, 1_000);
});

test('[K14] a journal that was written beside another process is not what compaction keeps', async t => {
  const path = await place(t);
  await appendFile(`${path}.new`, '{"put":"leftover of a compaction that died","text":"x"}\n');
  const journal = await opened(path, { deadLinesMax: 1 });
  for (let index = 0; index < 5; index += 1) await journal.write({ put: 'a', text: String(index) });
  assert.deepEqual(idsOf(await opened(path)), ['a']);
});

test('[K14] only its own user reads a journal', async t => {
  const path = await place(t);
  await opened(path);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});
