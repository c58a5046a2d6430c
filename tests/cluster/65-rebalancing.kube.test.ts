import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { every, systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { type AnyClient, gatewayOf, openAccess, type Witness, witness } from './lib/access.ts';
import { inNamespace, isReady, podsOf, SKIP } from './lib/kubectl.ts';
import { record } from './lib/report.ts';

const CLIENTS = 300;
const BATCH = 25;
const GATEWAYS = { before: 3, after: 6 } as const;
const EVEN_MS = 60_000;
const CHANNEL = 'chat:rebalancing';
const PUBLISH_EVERY_MS = 50;

/** A client, how often its gateway became another one, and what it saw. */
type Mover = {
  readonly client: AnyClient;
  moves: number;
  last: string | undefined;
  readonly witness: Witness;
};

describe('rebalancing after a scale-out', { skip: SKIP, timeout: 400_000 }, () => {
  const movers: Mover[] = [];
  after(async () => {
    await keepAtLeast(GATEWAYS.before);
    for (const { client } of movers) client.close();
  });

  test('[R24, R25] 3 to 6 gateways: within 10 % in 60 s of readiness, a client moves once at most, nothing is lost', async () => {
    await until(async () => (await readyGateways()) >= GATEWAYS.before, { timeoutMs: 60_000 });
    await connectAll(movers);
    const [first] = movers;
    assert.ok(first);
    const published: Promise<unknown>[] = [];
    const publishing = every(systemClock, PUBLISH_EVERY_MS, () => {
      published.push(first.witness.channel.publish('chat:message:send', { text: String(published.length) }));
    });
    await keepAtLeast(GATEWAYS.after);
    await until(async () => (await readyGateways()) >= GATEWAYS.after, {
      timeoutMs: 120_000,
      what: 'six gateways that are ready',
    });
    const readyAtMs = systemClock.monotonicMs();
    await until(() => spreadOf(movers) <= 0.1, { timeoutMs: 2 * EVEN_MS, what: 'an even spread' });
    const tookMs = systemClock.monotonicMs() - readyAtMs;
    publishing.cancel();
    const outcomes = await Promise.all(published);
    const moves = movers.map(mover => mover.moves);
    record(`3 to 6 gateways, ${CLIENTS} clients: within 10 %`, tookMs / 1_000, 's after readiness (≤ 60)');
    record('clients that moved', moves.filter(count => count > 0).length, `of ${CLIENTS}`);
    record('moves of one client, at most', Math.max(...moves), '(≤ 1)');
    await until(() => movers.every(mover => mover.witness.seen.size >= outcomes.length), {
      timeoutMs: 15_000,
      what: 'everybody has seen everything',
    });
    for (const { witness: seen } of movers) {
      assert.deepEqual(
        seen.order,
        seen.order.toSorted((a, b) => a - b),
        'in order',
      );
      assert.equal(new Set(seen.order).size, seen.order.length, 'nothing twice');
      assert.deepEqual(seen.told, []);
    }
    assert.ok(tookMs <= EVEN_MS, `${tookMs} ms`);
    assert.ok(Math.max(...moves) <= 1, `${Math.max(...moves)} moves`);
  });
});

async function connectAll(movers: Mover[]): Promise<void> {
  const access = await openAccess();
  while (movers.length < CLIENTS) {
    const batch = Array.from({ length: BATCH }, async (_, n) => {
      const client = await access.connect(`mover-${movers.length + n}`);
      const mover: Mover = {
        client,
        moves: 0,
        last: gatewayOf(client),
        witness: await witness(client, CHANNEL),
      };
      client.on('status', () => {
        const gateway = gatewayOf(client);
        if (gateway === undefined || gateway === mover.last) return;
        mover.last = gateway;
        mover.moves += 1;
      });
      return mover;
    });
    movers.push(...(await Promise.all(batch)));
  }
}

/** How far the farthest gateway is from the mean, by where the clients say that they are. */
function spreadOf(movers: readonly Mover[]): number {
  const counts = new Map<string, number>();
  for (const { client } of movers) {
    const gateway = gatewayOf(client) ?? 'none';
    counts.set(gateway, (counts.get(gateway) ?? 0) + 1);
  }
  const mean = movers.length / GATEWAYS.after;
  if (counts.size < GATEWAYS.after) return 1;
  return Math.max(...[...counts.values()].map(count => Math.abs(count - mean))) / mean;
}

async function readyGateways(): Promise<number> {
  return (await podsOf('gateway')).filter(isReady).length;
}

/** The number of gateways is the autoscaler's: it is told its least. */
async function keepAtLeast(count: number): Promise<void> {
  await inNamespace('patch', 'hpa', 'gateway', '--type=merge', '-p', `{"spec":{"minReplicas":${count}}}`);
}
