import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CONFIG_SCHEMA } from './config-schema.ts';

test('[F8] the schema for editors is the one that is checked', async () => {
  const text = await readFile(new URL('../../config/gateway.schema.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(CONFIG_SCHEMA)));
});
