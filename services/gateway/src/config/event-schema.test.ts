import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventName, Json } from '@kittiwake/protocol';
import type { ChannelRule } from './channel-rule.ts';
import { compileEventSchemas } from './event-schema.ts';

const EVENT = 'chat:message:send' as EventName;

const VIOLATIONS: readonly [schema: unknown, data: Json, path: string][] = [
  [{ properties: { text: { type: 'string' } } }, { text: 1 }, 'data.text'],
  [{ required: ['text'] }, {}, 'data.text'],
  [{ additionalProperties: false }, { extra: 1 }, 'data.extra'],
  [{ properties: { list: { items: { minimum: 3 } } } }, { list: [3, 2] }, 'data.list[1]'],
  [
    { properties: { at: { $ref: '#/$defs/point' } }, $defs: { point: { required: ['x'] } } },
    { at: {} },
    'data.at.x',
  ],
  [{ type: 'string' }, null, 'data'],
  [{ format: 'uuid' }, 'no', 'data'],
  [false, 1, 'data'],
];

for (const [schema, data, path] of VIOLATIONS) {
  test(`[P1] ${JSON.stringify(data)} breaks ${JSON.stringify(schema)} at ${path}`, () => {
    const checked = check({ 'chat:message:send@1': schema })(EVENT, 1, data);
    assert.equal(checked.ok, false);
    assert.equal(!checked.ok && checked.error.path, path);
  });
}

test('[P1] data that fits passes', () => {
  const schemas = {
    'chat:message:send@1': { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
  };
  assert.equal(check(schemas)(EVENT, 1, { text: 'hello' }).ok, true);
});

test('[P1] each version has its own schema', () => {
  const both = check({
    'chat:message:send@1': { type: 'string' },
    'chat:message:send@2': { type: 'number' },
  });
  assert.equal(both(EVENT, 1, 'a').ok, true);
  assert.equal(both(EVENT, 2, 'a').ok, false);
  assert.equal(both(EVENT, 3, null).ok, true);
});

test('[P1] strict refuses an event without a schema', () => {
  const strict = check({ 'chat:message:send@1': true }, true);
  assert.equal(strict(EVENT, 2, null).ok, false);
  assert.equal(strict('__proto__' as EventName, 1, null).ok, false);
});

test('[P1] a recursive schema follows data of any depth the wire allows', () => {
  const tree = { type: 'object', properties: { child: { $ref: '#' } }, additionalProperties: false };
  let data: Json = {};
  for (let depth = 0; depth < 31; depth += 1) data = { child: data };
  assert.equal(check({ 'chat:message:send@1': tree })(EVENT, 1, data).ok, true);
});

function check(schemas: { readonly [key: string]: unknown }, strict = false): ChannelRule['check'] {
  const compiled = compileEventSchemas(schemas, { strict, path: 'schemas' });
  assert(compiled.ok, compiled.ok ? '' : JSON.stringify(compiled.error));
  return compiled.value;
}
