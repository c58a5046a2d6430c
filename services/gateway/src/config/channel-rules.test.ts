import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { ChannelRule } from './channel-rule.ts';
import { createChannelRules } from './channel-rules.ts';
import { parseDuration, parseSize } from './units.ts';

test('[F3] the first pattern that matches counts', () => {
  const rules = createChannelRules([rule('chat:vip-*'), rule('chat:*')]);
  assert.equal(rules.find('chat:vip-1' as ChannelName)?.pattern, 'chat:vip-*');
  assert.equal(rules.find('chat:1' as ChannelName)?.pattern, 'chat:*');
});

test('[F3] answers stay right when more names are asked for than are remembered', () => {
  const rules = createChannelRules([rule('chat:*')], 2);
  for (let run = 0; run < 3; run += 1) {
    for (const id of ['1', '2', '3'])
      assert.equal(rules.find(`chat:${id}` as ChannelName)?.pattern, 'chat:*');
    assert.equal(rules.find('other' as ChannelName), undefined);
  }
});

test('[F4] durations and sizes are read with their units', () => {
  assert.deepEqual(['250ms', '20s', '5m', '1h', '7d', '5', '1.5s', 'ms'].map(parseDuration), [
    250,
    20_000,
    300_000,
    3_600_000,
    604_800_000,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual(['512B', '64KiB', '1MiB', '64KB'].map(parseSize), [512, 65_536, 1_048_576, undefined]);
});

function rule(pattern: string): ChannelRule {
  return {
    pattern,
    history: { size: 0, ageMs: 0 },
    presence: false,
    conflate: false,
    ack: 'primary',
    idempotencyMs: 0,
    visibility: 'stored',
    access: { join: 'token', publish: 'token', presence: 'token', history: 'token' },
    rate: { perSecond: 1, burst: 1 },
    responder: undefined,
    check: () => ok(),
  };
}
