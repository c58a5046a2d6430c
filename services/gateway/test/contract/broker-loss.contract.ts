import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, Position, Resume } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import type { HistoryPage, HistoryQuery } from '../../src/broker/broker.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import {
  keepPublishing,
  newChannel,
  publishing,
  type RecordingHandler,
  type TierHarness,
} from './tier-harness.ts';

type Subject = () => {
  readonly harness: TierHarness;
  readonly here: BrokerTier;
  readonly there: BrokerTier;
  /** What `here` was told. */
  readonly heard: RecordingHandler;
};

/** The history that the gateway writes, where it can. */
function epochOf({ broker }: BrokerTier): string | undefined {
  const status = broker.status();
  return status.phase === 'ready' ? status.epoch : undefined;
}

/** What readers are told of entries that a tier acknowledged and lost (SPEC B3, C10), on every broker. */
export function brokerLossContract(subject: Subject): void {
  const read = async (channel: ChannelName, query: Omit<HistoryQuery, 'limit'>): Promise<HistoryPage> => {
    const { broker } = subject().here;
    const page = await until(
      async () => {
        const answer = await broker.read(channel, { ...query, limit: 100 });
        return answer.ok && answer.value;
      },
      { timeoutMs: 15_000 },
    );
    return page;
  };
  const told = async (channel: ChannelName, query: Omit<HistoryQuery, 'limit'>): Promise<Resume> =>
    (await read(channel, query)).resume;
  const publish = async (channel: ChannelName, data: readonly number[]): Promise<readonly Position[]> => {
    const positions: Position[] = [];
    for (const n of data) positions.push(await keepPublishing(subject().here, publishing(channel, n)));
    return positions;
  };
  /** Loses entries with these data, and waits until every gateway knows that it is another history. */
  const lose = async (channel: ChannelName, data: readonly number[]): Promise<Position> => {
    const { harness, here, there } = subject();
    const positions: Position[] = [];
    const former = epochOf(here);
    await harness.lose(async () => {
      positions.push(...(await publish(channel, data)));
      return positions;
    });
    for (const tier of [here, there]) {
      const isOther = (): boolean => ![undefined, former].includes(epochOf(tier));
      await until(isOther, { timeoutMs: 15_000, what: 'the gateway finds another history' });
    }
    const last = positions.at(-1);
    assert.ok(last !== undefined);
    return last;
  };

  test('[C10] what two failovers in a row lost is truncated at the exact offset, whole epochs too', async () => {
    const channel = newChannel();
    const [first] = await publish(channel, [1, 2, 3]);
    assert.ok(first !== undefined);
    const lost = await lose(channel, [-4, -5]);
    assert.equal(lost.epoch, first.epoch);
    // The second primary writes two entries, and nothing of it is left.
    const lostWhole = await lose(channel, [-40, -50]);
    assert.deepEqual([lostWhole.offset, lostWhole.epoch === first.epoch], [5, false]);
    const chain = [
      { epoch: first.epoch, start: 1 },
      { epoch: lostWhole.epoch, start: 4 },
    ];
    const parted: Resume = { outcome: 'truncated', divergedAt: 4 };
    const check = async (): Promise<void> => {
      assert.deepEqual(await told(channel, { since: lost }), parted);
      assert.deepEqual(await told(channel, { since: lostWhole, chain }), parted);
      assert.equal((await told(channel, { since: lostWhole })).outcome, 'unknown');
      assert.equal((await told(channel, { since: first, chain: chain.slice(0, 1) })).outcome, 'recovered');
    };
    await check();
    const renewed = await keepPublishing(subject().here, publishing(channel, 4));
    assert.deepEqual([renewed.offset, [first.epoch, lostWhole.epoch].includes(renewed.epoch)], [4, false]);
    await check();
    const page = await read(channel, { since: lostWhole, chain });
    assert.deepEqual(
      [page.publications.map(one => one.data), page.head, page.chain],
      [
        [4],
        renewed,
        [
          { epoch: first.epoch, start: 1 },
          { epoch: renewed.epoch, start: 4 },
        ],
      ],
    );
  });

  test('[C10] a chain that a reader made up gets an answer, and never one that it holds everything', async () => {
    const channel = newChannel();
    const [, , last] = await publish(channel, [1, 2, 3]);
    assert.ok(last !== undefined);
    const { epoch } = last;
    const since = { offset: 3, epoch: 'made-up' };
    const link = (name: string, start: number) => ({ epoch: name, start });
    const answers = await Promise.all([
      told(channel, { since, chain: [link('made-up', 1)] }),
      told(channel, { since, chain: [link('other', 1), link('made-up', 2)] }),
      told(channel, { since, chain: [link(epoch, 3), link('made-up', 2)] }),
      told(channel, { since, chain: [link(epoch, 1)] }),
      told(channel, { since: { offset: 9, epoch }, chain: [link(epoch, 1)] }),
      told(channel, { since, chain: [link(epoch, 1), link('made-up', 3)] }),
    ]);
    const unknown = { outcome: 'unknown' };
    assert.deepEqual(answers, [
      unknown,
      unknown,
      unknown,
      unknown,
      unknown,
      { outcome: 'truncated', divergedAt: 3 },
    ]);
  });

  test('[B4] after a failover every subscribed channel is doubted', async () => {
    const { here, heard } = subject();
    const channel = newChannel();
    await here.broker.subscribe(channel);
    await lose(channel, [1]);
    await until(() => heard.doubts.includes(channel), { what: 'the channel is doubted' });
    await keepPublishing(here, publishing(channel, 2));
    await until(() => heard.publications.some(one => one.channel === channel && one.data === 2));
  });
}
