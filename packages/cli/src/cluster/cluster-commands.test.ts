import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { toStatusReport } from '../../../../services/controller/src/status/status-report.ts';
import { aFleet, aGateway } from '../../../../services/controller/test/a-gateway.ts';
import { FakeCluster } from '../../test/fake-cluster.ts';
import { runCli } from '../run-cli.ts';

const THREE = [
  aGateway('gateway-a', { status: { sessions: 400, startedAtMs: Date.UTC(2025, 11, 31, 21) } }),
  aGateway('gateway-b', { status: { sessions: 420, sheddingLeft: 12 } }),
  aGateway('gateway-c', { pod: { state: 'not_ready' }, status: null }),
];
const DECISION = { at: '2025-12-31T23:59:00.000Z', reason: 'RebalanceDone', note: 'spread 4 %' };

type Changes = {
  readonly gateways?: Parameters<typeof aFleet>[0];
  readonly mode?: 'on' | 'dry-run' | 'off';
  readonly plan?: readonly { id: string; sessions: number; perSecond: number }[];
  readonly obstacle?: 'rollout' | 'scale_in';
  readonly decisions?: readonly (typeof DECISION)[];
};

function textOf({
  gateways = THREE,
  mode = 'on',
  plan = [],
  obstacle,
  decisions = [DECISION],
}: Changes): string {
  const fleet = aFleet(gateways);
  assert.ok(fleet.deployment);
  const deployment = { ...fleet.deployment, rebalance: mode };
  const view = { phase: 'calm', obstacle, spread: obstacle === undefined ? 0.024 : undefined, plan } as const;
  const report = toStatusReport({ ...fleet, deployment }, view, decisions);
  return JSON.stringify({ writtenAt: '2025-12-31T23:59:30.000Z', leader: 'controller-1', ...report });
}

function create(changes: Changes = {}) {
  const clock = createFakeClock();
  const cluster = new FakeCluster(textOf(changes), {
    holder: 'controller-1',
    renewedAtMs: clock.nowMs() - 1_000,
  });
  const stopping = new AbortController();
  const written = { out: '', error: '' };
  const run = (...args: readonly string[]) =>
    runCli(args, {
      clock,
      random: systemRandom,
      readSecret: async () => assert.fail('no secret is needed'),
      cluster,
      stopped: stopping.signal,
      isTerminal: false,
      out: text => {
        written.out += text;
      },
      error: text => {
        written.error += text;
      },
    });
  return { clock, cluster, stopping, written, run };
}

test('[X1] status shows gateways, sessions, spread, what is on, and the last decisions', async () => {
  const { run, written } = create();
  assert.equal(await run('status'), 0);
  assert.equal(
    written.out,
    [
      'GATEWAY    NODE    STATE               SESSIONS  CHANNELS  BROKER  VERSION      UP',
      'gateway-a  node-1  serving                  400        10  ready   0.1.0        3h',
      'gateway-b  node-1  serving (sheds 12)       420        10  ready   0.1.0    20453d',
      'gateway-c  node-1  not ready                  -         -  -       -             -',
      '',
      '2 of 3 gateways serve, 820 sessions, spread 2 %',
      'no rollout',
      'rebalancing: on, calm',
      '',
      'DECIDED (UTC)        WHAT',
      '2025-12-31 23:59:00  RebalanceDone  spread 4 %',
      '',
    ].join('\n'),
  );
  assert.equal(written.error, 'cluster test, namespace kittiwake · controller-1 leads\n');
});

test('[X1] status --json is what the controller wrote', async () => {
  const { run, written, cluster } = create();
  assert.equal(await run('status', '--json'), 0);
  assert.equal(written.out, `${cluster.text}\n`);
});

test('[X1] status says when no controller leads, and how old it is then', async () => {
  const { run, written, cluster } = create();
  cluster.leader = { holder: 'controller-1', renewedAtMs: 0 };
  assert.equal(await run('status'), 0);
  assert.match(written.error, /NO CONTROLLER LEADS: this is how it was at 2025-12-31T23:59:30/);
});

test('[X1] status --watch shows it every two seconds, survives a cluster that is away, and ends when stopped', async () => {
  const { clock, cluster, run, stopping, written } = create();
  let reads = 0;
  cluster.onRead = () => {
    reads += 1;
    cluster.problem = reads === 2 ? { message: 'Away.', next: 'Wait.' } : undefined;
  };
  const watching = run('status', '--watch');
  await clock.run(4_000);
  stopping.abort();
  assert.equal(await watching, 0);
  assert.equal(reads, 3);
  assert.equal(written.out.split('GATEWAY').length - 1, 2);
  assert.match(written.error, /Away\.\nWait\.\n/);
});

test('[X1] a cluster without a status, or with one that cannot be read, is a problem with a way on', async () => {
  const { cluster, run, written } = create();
  cluster.text = 'nonsense';
  assert.equal(await run('status'), 1);
  assert.match(written.error, /holds no status\.\nIs the controller/);
  cluster.problem = { message: 'Away.', next: 'Wait.' };
  for (const args of [['status'], ['drain', 'gateway-a'], ['rebalance']]) assert.equal(await run(...args), 1);
});

test('[R30] drain annotates the pod, and says how to follow it and what to do afterwards', async () => {
  const { cluster, run, written } = create();
  assert.equal(await run('drain', 'gateway-a'), 0);
  assert.deepEqual(cluster.annotated, [
    'Pod kittiwake/gateway-a {"kittiwake.dev/drain":"2026-01-01T00:00:00.000Z"}',
  ]);
  assert.equal(written.out, 'gateway-a is asked to hand over 400 sessions.\n');
  assert.match(written.error, /status --watch.*kubectl -n kittiwake delete pod gateway-a/);
});

test('[R30] drain refuses a pod that is no gateway, one that drains already, and the last that serves', async () => {
  const draining = aGateway('gateway-d', { status: { phase: 'draining' } });
  const { cluster, run, written } = create({ gateways: [aGateway('gateway-a'), draining] });
  for (const [pod, message] of [
    ['redis-0', /There is no gateway redis-0\.\nSee them: npx kittiwake status/],
    ['gateway-d', /gateway-d is draining already/],
    ['gateway-a', /the only gateway that serves: nobody would take its sessions\.\nAdd one first/],
  ] as const) {
    assert.equal(await run('drain', pod), 1);
    assert.match(written.error, message);
  }
  assert.deepEqual(cluster.annotated, []);
});

test('[R28] rebalance --dry-run shows who would shed how many, and touches nothing', async () => {
  const plan = [{ id: 'gateway-a', sessions: 120, perSecond: 75 }];
  const { cluster, run, written } = create({ plan });
  assert.equal(await run('rebalance', '--dry-run'), 0);
  assert.equal(written.out, 'WOULD SHED  SESSIONS  A SECOND\ngateway-a        120        75\n');
  assert.deepEqual(cluster.annotated, []);
});

test('[R28] rebalance --dry-run says so where nothing is to be done, and what is in the way', async () => {
  const even = create();
  assert.equal(await even.run('rebalance', '--dry-run'), 0);
  assert.match(even.written.out, /^Nothing to do/);
  const blocked = create({ obstacle: 'scale_in' });
  assert.equal(await blocked.run('rebalance', '--dry-run'), 0);
  assert.match(blocked.written.out, /^Nothing is moved now: scale in is in the way/);
});

test('[R28] rebalance annotates the Deployment and waits for the answer of the controller', async () => {
  const { clock, cluster, run, written } = create();
  cluster.onAnnotate = () => {
    clock.after(3_000, () => {
      const answer = { at: '2026-01-01T00:00:03.000Z', reason: 'RebalanceShed', note: 'spread 40 %' };
      cluster.text = textOf({ decisions: [answer, DECISION] });
    });
  };
  const asking = run('rebalance');
  await clock.run(5_000);
  assert.equal(await asking, 0);
  assert.deepEqual(cluster.annotated, [
    'Deployment kittiwake/gateway {"kittiwake.dev/rebalance-now":"2026-01-01T00:00:00.000Z"}',
  ]);
  assert.equal(written.out, 'RebalanceShed: spread 40 %\n');
});

test('[R28] rebalance gives up on a controller that does not answer, and refuses where it is off', async () => {
  const silent = create();
  const asking = silent.run('rebalance');
  await silent.clock.run(40_000);
  assert.equal(await asking, 1);
  assert.match(silent.written.error, /has not answered in 30 s\.\nSee whether one leads/);
  const off = create({ mode: 'off' });
  assert.equal(await off.run('rebalance'), 1);
  assert.match(off.written.error, /switched off\.\nSwitch it on: kubectl/);
  assert.deepEqual(off.cluster.annotated, []);
});

for (const command of ['status', 'drain', 'rebalance']) {
  test(`[X1] ${command} --help has examples and is not an error`, async () => {
    const { run, written } = create();
    assert.equal(await run(command, '--help'), 0);
    assert.match(written.out, new RegExp(`Examples:[\\s\\S]*npx kittiwake ${command}[\\s\\S]*Exit codes`));
  });
}
