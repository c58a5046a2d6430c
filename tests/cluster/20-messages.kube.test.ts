import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { gatewayOf, openAccess, type Witness, witness } from './lib/access.ts';
import { SKIP } from './lib/kubectl.ts';
import { record } from './lib/report.ts';

const ROUNDS = 200;

describe('messages', { skip: SKIP, timeout: 120_000 }, () => {
  for (const secure of [false, true]) {
    const how = secure ? 'wss' : 'ws';
    test(`[C5] clients on two gateways exchange publications through the ingress, by ${how}`, async () => {
      const access = await openAccess();
      const alice = await access.connect('alice', { secure });
      const bob = await access.connect('bob', { secure, gatewayOtherThan: gatewayOf(alice) });
      const sides = [await witness(alice, `chat:${how}`), await witness(bob, `chat:${how}`)] as const;
      const tookMs: number[] = [];
      for (let n = 0; n < ROUNDS; n += 1) {
        const [from, to] = n % 2 === 0 ? sides : ([sides[1], sides[0]] as const);
        tookMs.push(await exchange(from, to, n));
      }
      await until(() => sides.every(({ order }) => order.length === ROUNDS));
      assert.deepEqual(sides[0].order, sides[1].order);
      assert.deepEqual(
        sides[0].order,
        sides[0].order.toSorted((a, b) => a - b),
      );
      report(
        how,
        tookMs.toSorted((a, b) => a - b),
      );
      alice.close();
      bob.close();
    });
  }

  test('[P2] a publication is acknowledged at each level', async () => {
    const client = await (await openAccess()).connect('carol');
    const { channel } = await witness(client, 'chat:levels');
    const outcomes: string[] = [];
    for (const ack of ['received', 'primary', 'replicated'] as const) {
      outcomes.push((await channel.publish('chat:message:send', { ack }, { ack })).outcome);
    }
    assert.deepEqual(outcomes, ['acked', 'acked', 'replicated']);
    client.close();
  });
});

/** Publishes on one side and waits for the other one to see it; milliseconds. */
async function exchange(from: Witness, to: Witness, n: number): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  const before = to.order.length;
  const { outcome } = await from.channel.publish('chat:message:send', { n });
  assert.equal(outcome, 'acked');
  await until(() => to.order.length > before);
  return systemClock.monotonicMs() - startedMs;
}

function report(how: string, sortedMs: readonly number[]): void {
  for (const percent of [50, 95, 99]) {
    const value = sortedMs[Math.floor((percent / 100) * (sortedMs.length - 1))] ?? 0;
    record(`publish, acknowledge and deliver by ${how}, p${percent}`, value, 'ms');
  }
}
