import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type RedisServer, skipWithoutRedis, until } from '@kittiwake/testkit';
import { type CountedTier, redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';
import { mustPublish, newChannel, publishing, recordingHandler } from './tier-harness.ts';

/** What an administrator may have left out, how the status names it, and what puts it right. */
const CASES: readonly {
  readonly left: readonly string[];
  readonly missing: string;
  readonly granted: readonly string[];
}[] = [
  { left: ['-info'], missing: 'info', granted: ['+info'] },
  { left: ['-evalsha'], missing: 'evalsha', granted: ['+evalsha'] },
  { left: ['-eval'], missing: 'eval', granted: ['+eval'] },
  { left: ['-wait'], missing: 'wait', granted: ['+wait'] },
  { left: ['-subscribe'], missing: 'subscribe', granted: ['+subscribe'] },
  { left: ['-unsubscribe'], missing: 'unsubscribe', granted: ['+unsubscribe'] },
  { left: ['-xadd', '-hget'], missing: 'hget, xadd', granted: ['+xadd', '+hget'] },
  { left: ['resetkeys', '~other:*'], missing: '~kw:*', granted: ['~kw:*'] },
  { left: ['resetchannels'], missing: '&kw:*', granted: ['&kw:*'] },
  { left: ['resetpass', '>another-pw'], missing: 'login', granted: ['>gateway-pw'] },
];

/** Each test has a server of its own, and waits most of its time until that is asked again. */
const OPTIONS = { skip: skipWithoutRedis(), concurrency: 6 } as const;

suite('a Redis that does not permit what a gateway needs', OPTIONS, () => {
  for (const { left, missing, granted } of CASES) {
    test(`[B10] ${left.join(' ')}: degraded, named once, refused, and well again with ${granted.join(' ')}`, async t => {
      const { server, gateway } = await open(t);
      await server.command('ACL', 'SETUSER', 'gateway', ...left);
      await gateway.broker.start(recordingHandler());
      const reason = `Redis does not permit ${missing}`;
      await until(() => reasonOf(gateway) === reason, { what: reason });
      await refuses(gateway, missing);
      await server.command('ACL', 'SETUSER', 'gateway', ...granted);
      await until(() => gateway.broker.status().phase === 'ready', { what: 'the gateway is ready' });
      await mustPublish(gateway, publishing(newChannel(), 1));
      // Each connection was asked at least twice, as this one was not well at first.
      const lines = denials(gateway);
      assert.equal(new Set(lines).size, lines.length, lines.join('; '));
    });
  }

  test('[B10] without WAIT only what needs a replica is refused', async t => {
    const { server, gateway } = await open(t);
    await server.command('ACL', 'SETUSER', 'gateway', '-wait');
    await gateway.broker.start(recordingHandler());
    const channel = newChannel();
    const refused = await gateway.broker.publish(publishing(channel, 1, { ack: 'replicated' }));
    assert.ok(!refused.ok && refused.error.kind === 'broker_unavailable');
    const { offset } = await mustPublish(gateway, publishing(channel, 2));
    assert.equal(offset, 1, 'what was refused was not stored');
  });

  test('[B10] a right that is taken away from a gateway at work is noticed with the next call', async t => {
    const { server, gateway } = await open(t);
    const handler = recordingHandler();
    await gateway.broker.start(handler);
    const channel = newChannel();
    await gateway.broker.subscribe(channel);
    await mustPublish(gateway, publishing(channel, 'before'));
    await server.command('ACL', 'SETUSER', 'gateway', '-evalsha');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => gateway.broker.publish(publishing(channel, n))),
    );
    for (const answer of answers) assert.ok(!answer.ok && answer.error.kind === 'broker_unavailable');
    await until(() => reasonOf(gateway) === 'Redis does not permit evalsha');
    assert.equal(denials(gateway).length, new Set(denials(gateway)).size);
    await server.command('ACL', 'SETUSER', 'gateway', '+evalsha');
    await until(() => gateway.broker.status().phase === 'ready');
    await mustPublish(gateway, publishing(channel, 'again'));
    await until(() => handler.publications.some(one => one.data === 'again'));
  });

  for (const [setting, refusal] of [
    ['maxmemory', 'OOM'],
    ['min-replicas-to-write', 'NOREPLICAS'],
  ] as const) {
    test(`[B10] a server that refuses writes with ${refusal} is not taken for one that permits less`, async t => {
      const { server, gateway } = await open(t);
      await server.command('CONFIG', 'SET', setting, '1');
      await gateway.broker.start(recordingHandler());
      assert.equal(gateway.broker.status().phase, 'ready');
      const refused = await gateway.broker.publish(publishing(newChannel(), 1));
      assert.ok(!refused.ok && refused.error.message === `Redis answered ${refusal}`);
      assert.deepEqual(denials(gateway), []);
    });
  }

  for (const command of ['EVALSHA', 'INFO', 'SUBSCRIBE', 'WAIT', 'XADD']) {
    test(`[B10] a server whose ${command} was renamed is named as one without it`, async t => {
      const { gateway } = await open(t, [`rename-command ${command} ""`]);
      await gateway.broker.start(recordingHandler());
      await until(() => reasonOf(gateway) === `Redis does not permit ${command.toLowerCase()}`);
      await refuses(gateway, command.toLowerCase());
    });
  }
});

async function open(
  t: TestContext,
  lines: readonly string[] = [],
): Promise<{ readonly server: RedisServer; readonly gateway: CountedTier }> {
  const server = await startDocumentedRedis({ lines });
  const gateway = redisTier(urlOptions(server));
  t.after(async () => {
    await gateway.broker.stop();
    await server.stop();
  });
  return { server, gateway };
}

/** What needs the right is refused, with a code and a delay. */
async function refuses(gateway: CountedTier, missing: string): Promise<void> {
  const { broker } = gateway;
  const refused = missing.includes('subscribe')
    ? await broker.subscribe(newChannel())
    : await broker.publish(publishing(newChannel(), 1, { ack: 'replicated' }));
  assert.ok(!refused.ok, 'it is refused');
  assert.equal(refused.error.kind, 'broker_unavailable', refused.error.message);
  assert.ok((refused.error.retryAfterMs ?? 0) > 0);
}

function reasonOf(gateway: CountedTier): string | undefined {
  const status = gateway.broker.status();
  return status.phase === 'degraded' ? status.reason : undefined;
}

/** What the log says of rights, with the connection that lacks them. */
function denials(gateway: CountedTier): readonly string[] {
  return gateway.lines
    .filter(line => line.event === 'redis.not_permitted')
    .map(({ fields }) => `${fields['lane']}: ${fields['missing']}`);
}
