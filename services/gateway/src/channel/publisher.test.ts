import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import type { EventName, UserId } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { CHANNEL, channelRule } from '../../test/support/fixtures.ts';
import type { BrokerFailure, PublishCommand, PublishOutcome } from '../broker/broker.ts';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { noTracer } from '../telemetry/no-tracer.ts';
import { Publisher, type Publishing } from './publisher.ts';

const STORED: PublishOutcome = { position: { offset: 1, epoch: 'a' }, level: 'primary', duplicate: false };

function publisherOf(outcome: Result<PublishOutcome, BrokerFailure> = ok(STORED), retryAfterMs = 0) {
  const metrics = createRecordingMetrics();
  const commands: PublishCommand[] = [];
  const publisher = new Publisher({
    clock: createFakeClock(1_000),
    metrics,
    tracer: noTracer,
    admit: () => (retryAfterMs === 0 ? { allowed: true } : { allowed: false, retryAfterMs }),
    broker: {
      publish: async command => {
        commands.push(command);
        return outcome;
      },
    },
  });
  return { publisher, metrics, commands };
}

function publishing(over: Partial<Publishing> = {}): Publishing {
  const event = 'a:b:c' as EventName;
  return { channel: CHANNEL, rule: channelRule(), event, version: 1, data: 1, ack: 'primary', ...over };
}

test('[P1] rate is asked before schema, and what is refused is not stored', async () => {
  const { publisher, commands, metrics } = publisherOf(ok(STORED), 250);
  const rule = channelRule({ check: () => assert.fail('the rate refused already') });
  const refused = await publisher.publish(publishing({ rule }));
  assert.ok(!refused.ok && refused.error.kind === 'rate_limited' && refused.error.retryAfterMs === 250);
  assert.equal(commands.length, 0);
  const labels = { level: 'primary', result: 'rejected' };
  assert.equal(metrics.value('kittiwake_publications_total', labels), 1);
});

test('[P1] data that does not fit is refused with its path', async () => {
  const { publisher, commands } = publisherOf();
  const rule = channelRule({ check: () => err({ path: '/text', problem: 'must be text' }) });
  const refused = await publisher.publish(publishing({ rule }));
  assert.ok(!refused.ok && refused.error.kind === 'schema_violation' && refused.error.path === '/text');
  assert.equal(commands.length, 0);
});

test('[P6] the entry carries who and when, and nothing of that for a backend', async () => {
  const { publisher, commands } = publisherOf();
  await publisher.publish(publishing({ user: 'alice' as UserId }));
  await publisher.publish(publishing());
  assert.deepEqual(
    commands.map(({ entry }) => entry),
    [
      { event: 'a:b:c', version: 1, data: 1, atMs: 1_000, user: 'alice' },
      { event: 'a:b:c', version: 1, data: 1, atMs: 1_000 },
    ],
  );
});

const OUTCOMES = [
  { result: 'acked', outcome: ok(STORED) },
  { result: 'duplicate', outcome: ok({ ...STORED, duplicate: true }) },
  { result: 'failed', outcome: err({ kind: 'broker_unavailable', message: '' } as const) },
  { result: 'unknown', outcome: err({ kind: 'unknown_outcome', message: '' } as const) },
  { result: 'fenced', outcome: err({ kind: 'fenced', message: '' } as const) },
  {
    result: 'sequence_gap',
    outcome: err({ kind: 'sequence_gap', message: '', expectedSequence: 3 } as const),
  },
] as const;

for (const { result, outcome } of OUTCOMES) {
  test(`[P4] an outcome is handed on as it is, and counted as ${result}`, async () => {
    const { publisher, metrics } = publisherOf(outcome);
    assert.deepEqual(await publisher.publish(publishing({ ack: 'replicated' })), outcome);
    assert.equal(metrics.value('kittiwake_publications_total', { level: 'replicated', result }), 1);
    assert.equal(metrics.value('kittiwake_publications_total'), 1);
  });
}

test('[P8] the broker is told of the producer, beside the key', async () => {
  const { publisher, commands } = publisherOf();
  const producer = { id: 'orders-1', epoch: 1, sequence: 7 };
  await publisher.publish(publishing({ producer, key: 'k-1' }));
  await publisher.publish(publishing());
  assert.deepEqual(
    commands.map(command => [command.producer, command.key]),
    [
      [producer, 'k-1'],
      [undefined, undefined],
    ],
  );
});

test('[C11] a channel that shows what is replicated says so to the broker, and is counted by that level', async () => {
  const { publisher, commands, metrics } = publisherOf();
  const rule = channelRule({ visibility: 'replicated' });
  await publisher.publish(publishing({ rule, ack: 'primary' }));
  await publisher.publish(publishing({ rule, ack: 'received' }));
  assert.deepEqual(
    commands.map(({ visibility, ack }) => [visibility, ack]),
    [
      ['replicated', 'primary'],
      ['replicated', 'received'],
    ],
  );
  assert.equal(metrics.value('kittiwake_publications_total', { level: 'replicated', result: 'acked' }), 1);
  assert.equal(metrics.value('kittiwake_publications_total', { level: 'received', result: 'acked' }), 1);
});
