import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { type Access, type AnyClient, gatewayOf, openAccess, type Witness, witness } from './lib/access.ts';
import { forceDelete, untilReady } from './lib/deploy.ts';
import { SKIP } from './lib/kubectl.ts';
import { startPublishing } from './lib/publisher.ts';
import { record } from './lib/report.ts';

const CHANNEL = 'chat:loss';
const CLIENTS = 30;

describe('the loss of a gateway', { skip: SKIP, timeout: 180_000 }, () => {
  test('[C2] a gateway is killed: its clients resume elsewhere, in order and with no loss', async () => {
    const access = await openAccess();
    await untilReady(60_000);
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => access.connect(`member-${index}`)),
    );
    const watchers = await Promise.all(clients.map(client => witness(client, CHANNEL)));
    await publishThroughTheLossOf(gatewayOf(clients[0] ?? assert.fail('a client')), access, clients);
    await assertEverybodyHasEverything(watchers);
    for (const client of clients) client.close();
  });
});

/** Publishes through another gateway while `victim` is killed, until its clients are connected elsewhere. */
async function publishThroughTheLossOf(
  victim: string | undefined,
  access: Access,
  clients: readonly AnyClient[],
): Promise<void> {
  assert.ok(victim !== undefined);
  const moved = clients.filter(client => gatewayOf(client) === victim);
  const publisher = await access.connect('publisher', { gatewayOtherThan: victim });
  const publishing = startPublishing(await witness(publisher, CHANNEL), { everyMs: 20 });
  await until(() => publishing.acked.length > 50);
  const killedMs = systemClock.monotonicMs();
  await forceDelete(victim);
  await until(() => moved.every(client => ![undefined, victim].includes(gatewayOf(client))), {
    timeoutMs: 40_000,
    what: 'all clients of the gateway connected elsewhere',
  });
  const tookMs = systemClock.monotonicMs() - killedMs;
  record(`gateway killed: its ${moved.length} clients connected elsewhere`, tookMs / 1_000, 's');
  const ackedThen = publishing.acked.length;
  await until(() => publishing.acked.length > ackedThen + 50, { timeoutMs: 20_000 });
  await publishing.stop();
  publisher.close();
}

/** Every member has every offset once and in order, and was told of no change of history. */
async function assertEverybodyHasEverything(watchers: readonly Witness[]): Promise<void> {
  const last = Math.max(...watchers.flatMap(({ order }) => order));
  await until(() => watchers.every(({ order }) => order.at(-1) === last), {
    timeoutMs: 20_000,
    what: 'everybody has the last one',
  });
  for (const { order, told } of watchers) {
    assert.deepEqual(told, []);
    assert.deepEqual(
      order,
      Array.from({ length: last }, (_, index) => index + 1),
    );
  }
  record(
    'gateway killed: lost, duplicated or out of order',
    0,
    `of ${last} publications for each of ${watchers.length} members`,
  );
}
