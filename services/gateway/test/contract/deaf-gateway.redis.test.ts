import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import {
  elapse,
  type RedisServer,
  skipWithoutRedis,
  startTcpProxy,
  type TcpProxy,
  until,
} from '@kittiwake/testkit';
import { PRESENCE_TIMING } from '../../src/broker/presence-timing.ts';
import { type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';

/** Who leaves the Service when nothing comes back: real gateways over a real Redis, behind proxies that forget. */

const skip = await skipWithoutRedis();
/** A canary is late after 10 s, and others announce themselves every 10 s. */
const NOTICED = { timeoutMs: 40_000 };

let server: RedisServer;

before(async () => {
  if (skip === false) server = await startDocumentedRedis();
});

after(() => server?.stop());

async function proxied(t: TestContext): Promise<TcpProxy> {
  const proxy = await startTcpProxy(server.port);
  t.after(() => proxy.stop());
  return proxy;
}

function gatewayBehind(
  t: TestContext,
  id: string,
  { port }: { readonly port: number },
): Promise<RunningGateway> {
  return startGateway(t, { id, tier: redisTier(urlOptions({ ...server, port }), PRESENCE_TIMING) });
}

test('[B13] a gateway to which alone nothing comes back leaves, moves its sessions, and is back once it hears', {
  skip,
}, async t => {
  const proxy = await proxied(t);
  const [deaf, well] = [await gatewayBehind(t, 'deaf', proxy), await gatewayBehind(t, 'well', server)];
  const peer = await deaf.connect('ada');
  const hear = proxy.muteFromNowOn('kittiwake-subscriber');
  await until(async () => (await deaf.probe('/readyz')) === 503, { ...NOTICED, what: 'it is not ready' });
  assert.deepEqual([await well.probe('/readyz'), await deaf.probe('/livez')], [200, 200]);
  assert.equal(await deaf.metric('kittiwake_delivery_state'), 2);
  const { reason } = await peer.expectMessage('goaway');
  assert.equal(reason, 'rebalance');
  hear();
  await until(async () => (await deaf.probe('/readyz')) === 200, { ...NOTICED, what: 'it is ready again' });
});

test('[B6][B13] where the broker answers nobody, nobody leaves, publishes are refused with a delay, and all goes on by itself', {
  skip,
}, async t => {
  const proxy = await proxied(t);
  const gateways = [await gatewayBehind(t, 'one', proxy), await gatewayBehind(t, 'other', proxy)];
  const peers = await Promise.all(gateways.map(gateway => gateway.connect('ada')));
  const publish = { type: 'publish', channel: 'chat:1', event: 'chat:message:send', data: { text: 'hi' } };
  proxy.cut();
  const ready = watchReadiness(gateways);
  for (const gateway of gateways)
    await until(async () => (await gateway.metric('kittiwake_delivery_state')) === 1, {
      ...NOTICED,
      what: 'it says that nothing comes back',
    });
  for (const peer of peers) {
    const refused = await peer.ask(publish as never, 'error');
    assert.deepEqual([refused.kind, (refused.retryAfterMs ?? 0) > 0], ['broker_unavailable', true]);
  }
  proxy.heal();
  const healedAtMs = systemClock.monotonicMs();
  for (const gateway of gateways)
    await until(async () => (await gateway.metric('kittiwake_broker_up')) === 1, {
      what: 'the broker is back',
    });
  for (const peer of peers) await peer.ask(publish as never, 'ack');
  t.diagnostic(
    `publishes go through ${Math.round(systemClock.monotonicMs() - healedAtMs)} ms after the broker is back`,
  );
  for (const gateway of gateways)
    await until(async () => (await gateway.metric('kittiwake_delivery_state')) === 0, {
      ...NOTICED,
      what: 'it says that all is well',
    });
  assert.deepEqual([...(await ready.end())], [200]);
});

/** Every answer that `/readyz` of any of them gave until the end. */
function watchReadiness(gateways: readonly RunningGateway[]): { end(): Promise<ReadonlySet<number>> } {
  const seen = new Set<number>();
  let isOver = false;
  const watching = gateways.map(async ({ probe }) => {
    while (!isOver) {
      seen.add(await probe('/readyz'));
      await elapse(200);
    }
  });
  return {
    async end() {
      isOver = true;
      await Promise.all(watching);
      return seen;
    },
  };
}
