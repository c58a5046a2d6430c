import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEviction, readReplication } from './epoch.ts';

const REPLID = '0d4d46168996ed46db8daa8a4e9069dfb037e15e';

test('[B2] the epoch of a primary is its master_replid', () => {
  const info = `# Replication\r\nrole:master\r\nconnected_slaves:0\r\nmaster_replid:${REPLID}\r\nmaster_replid2:0\r\n`;
  assert.deepEqual(readReplication(info), { role: 'master', replid: REPLID });
});

test('[B2] a replica names no epoch, although it has a replid', () => {
  assert.equal(readReplication(`role:slave\r\nmaster_replid:${REPLID}\r\n`).role, 'other');
});

test('[B2] an answer without a replid names no epoch', () => {
  assert.equal(readReplication('role:master\r\n').role, 'other');
  assert.equal(readReplication('').role, 'other');
});

test('[B11] a server with a bound and another policy than noeviction evicts', () => {
  const info = (limit: number, policy: string): string =>
    `# Memory\r\nmaxmemory:${limit}\r\nmaxmemory_human:1M\r\nmaxmemory_policy:${policy}\r\n`;
  assert.equal(readEviction(info(1_000, 'allkeys-lru')), 'allkeys-lru');
  assert.equal(readEviction(info(1_000, 'noeviction')), undefined);
  assert.equal(readEviction(info(0, 'allkeys-lru')), undefined);
  assert.equal(readEviction('role:master\r\n'), undefined);
});
