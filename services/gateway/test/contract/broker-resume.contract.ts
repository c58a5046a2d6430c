import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { HistoryPage } from '../../src/broker/broker.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { mustPublish, newChannel, publishing, type TierHarness } from './tier-harness.ts';

type Subject = () => { readonly harness: TierHarness; readonly tier: BrokerTier };

/** What reading a history must answer (SPEC C3), on every broker. */
export function brokerResumeContract(subject: Subject): void {
  const read = async (
    channel: ChannelName,
    query: { readonly since?: Position; readonly limit: number; readonly bytesMax?: number },
  ): Promise<HistoryPage> => {
    const page = await subject().tier.broker.read(channel, query);
    assert.ok(page.ok);
    return page.value;
  };
  const publish = async (channel: ChannelName, count: number): Promise<readonly Position[]> => {
    const positions = [];
    for (let n = 1; n <= count; n += 1)
      positions.push(await mustPublish(subject().tier, publishing(channel, n)));
    return positions;
  };
  const offsets = (page: HistoryPage): readonly number[] => page.publications.map(one => one.position.offset);
  const at = (positions: readonly Position[], offset: number): Position => {
    const position = positions[offset - 1];
    assert.ok(position !== undefined);
    return position;
  };

  test('[C3] an empty channel stands at offset 0', async () => {
    const page = await read(newChannel(), { limit: 10 });
    assert.equal(page.head.offset, 0);
    assert.match(page.head.epoch, /^[A-Za-z0-9_-]{1,64}$/);
    assert.deepEqual([page.resume.outcome, page.publications.length], ['fresh', 0]);
  });

  test('[C3] the head of an empty channel is a position to resume from', async () => {
    const channel = newChannel();
    const { head } = await read(channel, { limit: 0 });
    await publish(channel, 3);
    const page = await read(channel, { since: head, limit: 10 });
    assert.deepEqual([page.resume.outcome, offsets(page)], ['recovered', [1, 2, 3]]);
  });

  test('[C3] without a position the newest are read, oldest first', async () => {
    const channel = newChannel();
    const positions = await publish(channel, 5);
    const page = await read(channel, { limit: 2 });
    assert.deepEqual([page.resume.outcome, offsets(page), page.head], ['fresh', [4, 5], at(positions, 5)]);
  });

  test('[C3] with limit 0 only the head is told', async () => {
    const channel = newChannel();
    const positions = await publish(channel, 2);
    const page = await read(channel, { limit: 0 });
    assert.deepEqual([page.head, page.publications], [at(positions, 2), []]);
  });

  test('[C3] a position recovers what follows it, in pages', async () => {
    const channel = newChannel();
    const positions = await publish(channel, 5);
    const first = await read(channel, { since: at(positions, 1), limit: 2 });
    assert.deepEqual([first.resume.outcome, offsets(first)], ['recovered', [2, 3]]);
    const second = await read(channel, { since: at(positions, 3), limit: 2 });
    assert.deepEqual(offsets(second), [4, 5]);
    const last = await read(channel, { since: at(positions, 5), limit: 2 });
    assert.deepEqual([last.resume.outcome, offsets(last)], ['recovered', []]);
  });

  test('[B14] a page has as many bytes as are asked for at most, and one publication at least', async () => {
    const channel = newChannel();
    const positions = [];
    for (let n = 1; n <= 60; n += 1)
      positions.push(
        await mustPublish(subject().tier, publishing(channel, 'x'.repeat(n <= 20 ? 3_000 : 300))),
      );
    const large = { since: at(positions, 2), limit: 100 };
    assert.deepEqual(offsets(await read(channel, { ...large, bytesMax: 10_000 })), [3, 4, 5]);
    assert.deepEqual(offsets(await read(channel, { ...large, bytesMax: 10 })), [3]);
    assert.equal(offsets(await read(channel, { ...large, bytesMax: 1_000_000 })).at(-1), 60);
    assert.deepEqual(offsets(await read(channel, { limit: 100, bytesMax: 10 })), [60]);
    const mixed = offsets(await read(channel, { since: at(positions, 19), limit: 100, bytesMax: 10_000 }));
    assert.deepEqual([mixed[0], mixed.at(-1) === mixed.length + 19], [20, true]);
    assert.ok(mixed.length >= 10 && mixed.length <= 24, `${mixed.length} publications`);
  });

  test('[C3] entries beyond the size of the history are trimmed, and the rest is replayed', async () => {
    const channel = newChannel();
    const history = { size: 10, ageMs: 60_000 };
    const first = await mustPublish(subject().tier, publishing(channel, 1, { history }));
    for (let n = 2; n <= 250; n += 1) await mustPublish(subject().tier, publishing(channel, n, { history }));
    const page = await read(channel, { since: first, limit: 1_000 });
    assert.ok(page.resume.outcome === 'trimmed');
    assert.ok(page.resume.firstOffset > 2 && page.resume.firstOffset <= 241, 'at least the size is kept');
    assert.deepEqual([offsets(page)[0], offsets(page).at(-1)], [page.resume.firstOffset, 250]);
  });

  test('[C12] a page says from where on the history is kept', async () => {
    const channel = newChannel();
    assert.equal((await read(channel, { limit: 0 })).firstKept, 1);
    await publish(channel, 3);
    assert.deepEqual(
      [(await read(channel, { limit: 1 })).firstKept, offsets(await read(channel, { limit: 1 }))],
      [1, [3]],
    );
    const nothing = newChannel();
    const history = { size: 0, ageMs: 0 };
    await mustPublish(subject().tier, publishing(nothing, 1, { history }));
    assert.equal((await read(nothing, { limit: 5 })).firstKept, 2);
    const short = newChannel();
    for (const n of [1, 2])
      await mustPublish(subject().tier, publishing(short, n, { history: { size: 100, ageMs: 300 } }));
    await subject().harness.pass(400);
    await mustPublish(subject().tier, publishing(short, 3, { history: { size: 100, ageMs: 300 } }));
    assert.equal((await read(short, { limit: 5 })).firstKept, 3);
  });

  test('[C3] entries beyond the age of the history are trimmed', async () => {
    const channel = newChannel();
    const history = { size: 100, ageMs: 300 };
    const first = await mustPublish(subject().tier, publishing(channel, 1, { history }));
    await mustPublish(subject().tier, publishing(channel, 2, { history }));
    await subject().harness.pass(400);
    await mustPublish(subject().tier, publishing(channel, 3, { history }));
    const page = await read(channel, { since: first, limit: 10 });
    assert.deepEqual([page.resume, offsets(page)], [{ outcome: 'trimmed', firstOffset: 3 }, [3]]);
  });

  test('[C3] a history that aged out as a whole keeps its offsets', async () => {
    const channel = newChannel();
    const history = { size: 100, ageMs: 200 };
    const first = await mustPublish(subject().tier, publishing(channel, 1, { history }));
    const second = await mustPublish(subject().tier, publishing(channel, 2, { history }));
    await subject().harness.pass(300);
    assert.deepEqual((await read(channel, { since: first, limit: 10 })).resume, {
      outcome: 'trimmed',
      firstOffset: 3,
    });
    assert.equal((await read(channel, { since: second, limit: 10 })).resume.outcome, 'recovered');
    const next = await mustPublish(subject().tier, publishing(channel, 3, { history }));
    assert.deepEqual(next, { offset: 3, epoch: second.epoch });
  });

  test('[C3] a channel without history counts, and keeps nothing', async () => {
    const channel = newChannel();
    const history = { size: 0, ageMs: 0 };
    const first = await mustPublish(subject().tier, publishing(channel, 1, { history }));
    const second = await mustPublish(subject().tier, publishing(channel, 2, { history }));
    assert.deepEqual((await read(channel, { since: first, limit: 5 })).resume, {
      outcome: 'trimmed',
      firstOffset: 3,
    });
    assert.equal((await read(channel, { since: second, limit: 5 })).resume.outcome, 'recovered');
  });

  test('[B3] a position of another channel, of the future, or made up, is unknown and replays nothing', async () => {
    const channel = newChannel();
    const [, second] = await publish(channel, 2);
    const [foreign] = await publish(newChannel(), 1);
    assert.ok(second !== undefined && foreign !== undefined);
    const strangers = [foreign, { offset: 3, epoch: second.epoch }, { offset: 1, epoch: 'made-up' }];
    for (const since of strangers) {
      const page = await read(channel, { since, limit: 10 });
      assert.deepEqual([page.resume.outcome, page.publications.length], ['unknown', 0]);
      assert.deepEqual(page.head, second);
    }
  });
}
