import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { listAt, parseJson, textAt } from '../decode/json-view.ts';
import type { ApplyError } from '../reconcile/apply.ts';
import { DECISIONS_MAX, DecisionLog } from './decision-log.ts';
import { toStatusReport } from './status-report.ts';
import { StatusWriter } from './status-writer.ts';

const VIEW = { phase: 'calm', obstacle: undefined, spread: 0.1234, plan: [] } as const;

function create(stored = '') {
  const clock = createFakeClock();
  const log = new DecisionLog();
  const cluster = { text: stored, reads: 0, writes: 0, hasLease: true, sessions: 100, isAway: false };
  const away: Result<never, ApplyError> = err({ kind: 'cluster', message: 'away' });
  const writer = new StatusWriter({
    clock,
    log,
    leader: 'controller-1',
    ports: {
      holdsLease: () => cluster.hasLease,
      report: () =>
        toStatusReport(
          aFleet([aGateway('a', { status: { sessions: cluster.sessions } })]),
          VIEW,
          log.decisions,
        ),
      async read() {
        cluster.reads += 1;
        return cluster.isAway ? away : ok(cluster.text);
      },
      async write(text) {
        if (cluster.isAway) return away;
        cluster.writes += 1;
        cluster.text = text;
        return ok();
      },
    },
  });
  return { clock, log, cluster, writer };
}

test('[R33] says who wrote it and when, what each gateway said, and how even they are', async () => {
  const { writer, cluster } = create();
  await writer.run();
  const written = parseJson(cluster.text);
  assert.equal(textAt(written, 'leader'), 'controller-1');
  assert.equal(textAt(written, 'writtenAt'), '2026-01-01T00:00:00.000Z');
  assert.match(cluster.text, /"spread":0\.123,/);
  const [gateway] = listAt(written, 'gateways');
  assert.deepEqual(gateway, {
    name: 'a',
    node: 'node-1',
    templateHash: 'new',
    isNewest: true,
    state: 'ready',
    phase: 'serving',
    sessions: 100,
    connections: 100,
    channels: 10,
    sheddingLeft: null,
    broker: 'ready',
    version: '0.1.0',
    startedAt: '1970-01-01T00:00:01.000Z',
    drainAskedAt: null,
    deletionCost: null,
  });
});

test('[R33] writes only what changed, and at most once in five seconds', async () => {
  const { clock, writer, cluster } = create();
  await writer.run();
  await clock.run(60_000);
  await writer.run();
  assert.equal(cluster.writes, 1);
  cluster.sessions = 101;
  await writer.run();
  cluster.sessions = 102;
  await writer.run();
  await clock.run(4_999);
  await writer.run();
  assert.equal(cluster.writes, 2);
  await clock.run(1);
  await writer.run();
  assert.equal(cluster.writes, 3);
});

test('[R33] carries on what an earlier leader decided, and reads it once', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  const { clock, log, writer, cluster } = create(
    JSON.stringify({ decisions: [{ at, reason: 'RebalanceDone', note: 'spread 4 %' }, { at: 1 }] }),
  );
  log.add({ at, reason: 'LeaderElected', note: 'controller-1 leads' });
  await writer.run();
  const reasons = () =>
    listAt(parseJson(cluster.text), 'decisions').map(decision => textAt(decision, 'reason'));
  assert.deepEqual(reasons(), ['LeaderElected', 'RebalanceDone']);
  writer.forget();
  await clock.run(5_000);
  await writer.run();
  assert.deepEqual(reasons(), ['LeaderElected', 'RebalanceDone']);
  assert.equal(cluster.reads, 2);
});

test('[R33] keeps twenty decisions, the newest first', () => {
  const log = new DecisionLog();
  for (let n = 0; n < 30; n += 1) log.add({ at: String(n), reason: 'x', note: '' });
  assert.equal(log.decisions.length, DECISIONS_MAX);
  assert.equal(log.decisions[0]?.at, '29');
});

test('[R33] what is stored and cannot be read is written over', async () => {
  const { writer, cluster } = create('nonsense');
  assert.equal((await writer.run()).ok, true);
  assert.equal(cluster.writes, 1);
});

test('[R3, R33] writes nothing without the lease, and tries again where the cluster was away', async () => {
  const { writer, cluster } = create();
  cluster.hasLease = false;
  assert.equal((await writer.run()).ok, false);
  assert.equal(cluster.writes, 0);
  cluster.hasLease = true;
  cluster.isAway = true;
  assert.equal((await writer.run()).ok, false);
  cluster.isAway = false;
  assert.equal((await writer.run()).ok, true);
  assert.equal(cluster.writes, 1);
});
