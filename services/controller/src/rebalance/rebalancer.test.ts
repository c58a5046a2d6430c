import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { CountingMetrics, FakePorts } from '../../test/fake-ports.ts';
import type { Fleet, Gateway } from '../fleet/fleet.ts';
import { REBALANCE_RULES } from './rebalance-rules.ts';
import { Rebalancer } from './rebalancer.ts';

const UNEVEN = { a: 300, b: 300, c: 0 };

function create(isAble = true) {
  const clock = createFakeClock();
  const ports = new FakePorts();
  const metrics = new CountingMetrics();
  const rebalancer = new Rebalancer({ clock, metrics, ports, rules: REBALANCE_RULES, isAble });
  let nowMs = 0;
  const see = (sessions: Readonly<Record<string, number>>, changes: Partial<Fleet['deployment']> = {}) => {
    nowMs += 1_000;
    const gateways = Object.entries(sessions).map(
      ([name, count]): Gateway => ({ ...aGateway(name, { status: { sessions: count } }), seenAtMs: nowMs }),
    );
    const fleet = aFleet(gateways, { nowMs });
    assert.ok(fleet.deployment);
    ports.now = { ...fleet, deployment: { ...fleet.deployment, ...changes } };
    return rebalancer.run();
  };
  const seeFor = async (seconds: number, ...rest: Parameters<typeof see>) => {
    let last = await see(...rest);
    for (let second = 1; second < seconds; second += 1) last = await see(...rest);
    return last;
  };
  return { clock, ports, metrics, rebalancer, see, seeFor };
}

test('[R24, R28] tells the fullest to shed, counts it and says it about the Deployment', async () => {
  const { ports, metrics, seeFor } = create();
  await seeFor(9, UNEVEN);
  assert.deepEqual(ports.told, ['a shed 95 150', 'b shed 95 150']);
  assert.deepEqual(ports.said, [
    'RebalanceShed gateway: spread 100 %, shed 1: 95 of a at 150/s, 95 of b at 150/s',
  ]);
  assert.equal(metrics.counts.get('kittiwake_rebalance_moves_total'), 190);
  assert.equal(metrics.counts.get('kittiwake_rebalance_decisions_total shed'), 1);
  assert.equal(metrics.counts.get('kittiwake_rebalance_spread_ratio'), 1);
});

test('[R3] a leader whose lease is gone tells nobody', async () => {
  const { ports, seeFor } = create();
  await seeFor(8, UNEVEN);
  ports.hasLease = false;
  const last = await seeFor(3, UNEVEN);
  assert.deepEqual([last.ok ? undefined : last.error.kind, ports.told], ['not_leading', []]);
});

test('[R27] a gateway that is busy was told by somebody else; one that refuses is a failure', async () => {
  const { ports, see, seeFor } = create();
  await seeFor(8, UNEVEN);
  ports.refusal = 'busy';
  assert.equal((await see(UNEVEN)).ok, true);
  const other = create();
  await other.seeFor(8, UNEVEN);
  other.ports.refusal = 'unauthenticated';
  const refused = await other.see(UNEVEN);
  assert.equal(refused.ok ? undefined : refused.error.kind, 'gateway');
});

test('[R27] after it led once, lost the lease and won it again, it starts from what it sees', async () => {
  const { ports, rebalancer, seeFor } = create();
  await seeFor(9, UNEVEN);
  rebalancer.forget();
  await seeFor(8, UNEVEN);
  assert.equal(ports.told.length, 2);
});

test('[R28] a wish is answered once, and one of long ago not at all', async () => {
  const { clock, ports, see } = create();
  const rebalanceAskedAtMs = clock.nowMs() - 1_000;
  await see({ a: 120, b: 90 }, { rebalanceAskedAtMs });
  await see({ a: 120, b: 90 }, { rebalanceAskedAtMs });
  assert.equal(ports.told.length, 1);
  await see({ a: 120, b: 90 }, { rebalanceAskedAtMs: clock.nowMs() - 3_600_000 });
  assert.equal(ports.told.length, 1);
});

test('[R28] without an operations key it is off, and says so to who asks', async () => {
  const { clock, ports, see, seeFor } = create(false);
  await seeFor(30, UNEVEN);
  await see(UNEVEN, { rebalanceAskedAtMs: clock.nowMs() });
  assert.deepEqual(ports.told, []);
  assert.match(ports.said.join(), /^RebalancePostponed/);
});

test('[R33] what it would do now is seen before it does it', async () => {
  const { ports, rebalancer, see } = create();
  await see(UNEVEN);
  const { phase, spread, plan } = rebalancer.view(ports.now);
  assert.deepEqual([phase, spread, plan.map(({ sessions }) => sessions)], ['suspecting', 1, [95, 95]]);
  assert.equal(rebalancer.isHurried, true);
});
