import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { type RegisteredSession, SessionRegistry } from './session-registry.ts';

type Recorded = RegisteredSession & { readonly ends: string[] };

function session(id: string, user = 'alice'): Recorded {
  const ends: string[] = [];
  return {
    id: id as SessionId,
    user: user as UserId,
    ends,
    attempt: undefined,
    replaced: () => void ends.push('replaced'),
    disconnected: () => void ends.push('disconnected'),
  };
}

test('[S6] a session that is continued here replaces the older one', () => {
  const registry = new SessionRegistry<Recorded>(createRecordingMetrics());
  const [older, newer] = [session('1'), session('1')];
  registry.add(older);
  registry.add(newer);
  assert.deepEqual([older.ends, newer.ends], [['replaced'], []]);
  registry.remove(older);
  assert.equal(registry.get(newer.id), newer);
});

test('[H6] a user is disconnected on every connection', () => {
  const registry = new SessionRegistry<Recorded>(createRecordingMetrics());
  const sessions = [session('1'), session('2'), session('3', 'bob')];
  for (const one of sessions) registry.add(one);
  assert.equal(registry.disconnectUser('alice' as UserId), 2);
  assert.deepEqual(
    sessions.map(({ ends }) => ends),
    [['disconnected'], ['disconnected'], []],
  );
});

test('[L4] sessions of one user are counted', () => {
  const registry = new SessionRegistry<Recorded>(createRecordingMetrics());
  const first = session('1');
  registry.add(first);
  registry.add(session('2'));
  assert.equal(registry.countOf('alice' as UserId), 2);
  registry.remove(first);
  assert.equal(registry.countOf('alice' as UserId), 1);
  assert.equal(registry.countOf('nobody' as UserId), 0);
});
