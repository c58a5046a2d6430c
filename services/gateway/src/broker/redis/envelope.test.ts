import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, EventName } from '@kittiwake/protocol';
import fc from 'fast-check';
import { readGatewayInfo, readRecord, writeBody } from './envelope.ts';
import { CONTROL_TOPIC, topicOf } from './keys.ts';

const CHANNEL = 'chat:1' as ChannelName;
const ENTRY = { event: 'chat:message:send' as EventName, version: 1, data: { text: 'hi' }, atMs: 5 };

test('[B1] a publication is read as it was written', () => {
  const record = readRecord(topicOf(CHANNEL), `p 7 epoch-1 ${writeBody(ENTRY)}`);
  assert.deepEqual(record, {
    ok: true,
    value: {
      kind: 'publication',
      publication: {
        type: 'publication',
        channel: CHANNEL,
        ...ENTRY,
        position: { offset: 7, epoch: 'epoch-1' },
      },
    },
  });
});

test('[X1] what is no record gets a coded failure', () => {
  const body = writeBody(ENTRY);
  const cases: readonly (readonly [topic: string, text: string, kind: string])[] = [
    ['other', body, 'unknown_topic'],
    [topicOf(CHANNEL), 'x', 'unknown_record'],
    [topicOf(CHANNEL), `p 0 e ${body}`, 'malformed_record'],
    [topicOf(CHANNEL), `p 1 e! ${body}`, 'malformed_record'],
    [topicOf(CHANNEL), 'p 1 e {"event":1}', 'malformed_record'],
    [topicOf(CHANNEL), 'p 1', 'malformed_record'],
    [topicOf(CHANNEL), 'm {"set":[{}],"left":[]}', 'malformed_record'],
    [CONTROL_TOPIC, '{"type":"shutdown"}', 'malformed_record'],
    ['kw:canary:1', 'bird', 'malformed_record'],
    [topicOf(CHANNEL), 'x'.repeat(2_000_000), 'too_large'],
  ];
  for (const [topic, text, kind] of cases)
    assert.deepEqual(readRecord(topic, text), { ok: false, error: { kind } });
});

test('[X1] no text makes a reader throw', () => {
  const topics = fc.constantFrom(topicOf(CHANNEL), CONTROL_TOPIC, 'kw:canary:1', 'kw:{', '');
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.tuple(fc.constantFrom('p 1 e ', 'm '), fc.json()).map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(topics, texts, (topic, text) => {
      readRecord(topic, text);
      readGatewayInfo(text);
    }),
  );
});
