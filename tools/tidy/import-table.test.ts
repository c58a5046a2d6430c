import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXCLUSIVE_MODULES, ROOMS } from './import-table.ts';

const rank = new Map(ROOMS.map(room => [room.name, room.rank]));

test('[Y1] every import of the table goes to a lower rank, so the house is a DAG', () => {
  for (const room of ROOMS) {
    for (const name of room.imports) {
      assert.ok((rank.get(name) ?? Number.POSITIVE_INFINITY) < room.rank, `${room.name} → ${name}`);
    }
  }
});

test('[Y1] rooms have names and paths of their own, and modules belong to rooms that exist', () => {
  assert.equal(rank.size, ROOMS.length);
  assert.equal(new Set(ROOMS.map(room => room.path)).size, ROOMS.length);
  for (const owner of Object.values(EXCLUSIVE_MODULES).flat()) assert.ok(rank.has(owner), owner);
});
