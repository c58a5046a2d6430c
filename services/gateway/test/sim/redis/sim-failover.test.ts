import assert from 'node:assert/strict';
import type { Position } from '@kittiwake/protocol';
import { type LabGateway, SENTINELS, simulate, TierLab } from './tier-lab.ts';

/** Nothing of what is written reaches a replica from here on, and the primary writes all the same. */
function cutReplication({ tier }: TierLab): void {
  tier.minReplicas(0);
  for (const node of tier.nodes) tier.stallReplication(node);
}

function mendReplication({ tier }: TierLab): void {
  for (const node of tier.nodes) tier.resumeReplication(node);
  tier.minReplicas(1);
}

/** Publishes every 10 ms for `ms`; gives what was acknowledged, by its data. */
function load(
  lab: TierLab,
  gateway: LabGateway,
  options: { readonly ms: number; readonly ack: 'primary' | 'replicated' },
) {
  const acked = new Map<string, Position>();
  const failed: string[] = [];
  for (let n = 0; n * 10 < options.ms; n += 1) {
    const data = `${options.ack} ${lab.loop.nowMs} ${n}`;
    lab.loop.after(n * 10, () => {
      const command = lab.command(data, { ack: options.ack });
      void gateway.tier.broker.publish(command).then(result => {
        if (!result.ok) failed.push(result.error.kind);
        else if (result.value.position !== undefined) acked.set(data, result.value.position);
      });
    });
  }
  return { acked, failed };
}

simulate('[B3] what a new primary never had is truncated at the very first of it', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const lab = new TierLab(seed);
    const gateway = lab.gateway('gateway-0');
    const kept = lab.mustPublish(gateway, 'kept');
    lab.pass(20);
    cutReplication(lab);
    const lost = [1, 2, 3, 4, 5].map(n => lab.mustPublish(gateway, `lost ${n}`));
    lab.failOver();
    mendReplication(lab);
    lab.ready(gateway);
    const last = lost.at(-1) ?? kept;
    assert.deepEqual(lab.readAfter(gateway, last).resume, { outcome: 'truncated', divergedAt: 2 });
    const renewed = lab.mustPublish(gateway, 'new');
    assert.deepEqual([renewed.offset, renewed.epoch === last.epoch], [2, false]);
    const page = lab.readAfter(gateway, last);
    assert.deepEqual(page.resume, { outcome: 'truncated', divergedAt: 2 });
    assert.deepEqual(
      page.publications.map(one => one.data),
      ['new'],
    );
    assert.equal(lab.readAfter(gateway, kept).resume.outcome, 'recovered');
    assert.ok(gateway.heard.doubts.includes(lab.channel));
  }
});

simulate('[B3] what one failover took another one brings back, from a replica that hung meanwhile', () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const lab = new TierLab(seed);
    const gateway = lab.gateway('gateway-0');
    const kept = lab.mustPublish(gateway, 'kept');
    lab.pass(20);
    cutReplication(lab);
    const gone = lab.mustPublish(gateway, 'gone');
    const { tier, channel } = lab;
    const wereGone = (): readonly boolean[] => [kept, gone].map(one => tier.wasGone(channel, one));
    const hung = tier.nodes.find(node => node.role === 'replica');
    assert.ok(hung !== undefined);
    tier.pause(hung);
    lab.failOver();
    assert.deepEqual([...lab.stored().values()], ['kept']);
    assert.deepEqual(
      wereGone(),
      [false, false],
      'who leads now does not have it: it is gone, and was not before',
    );
    // What the first primary sent has waited in the socket of the one that hung.
    tier.crash(tier.primary);
    mendReplication(lab);
    tier.resume(hung);
    lab.passUntil(() => tier.primary === hung, 'the one that hung leads');
    assert.deepEqual([...lab.stored().values()], ['kept', 'gone']);
    assert.deepEqual(wereGone(), [false, true]);
  }
});

simulate(
  '[P2] what was acknowledged as replicated outlives its primary, and publishing goes on within 5 s',
  () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const lab = new TierLab(seed);
      const gateway = lab.gateway('gateway-0');
      const before = load(lab, gateway, { ms: 1_000, ack: 'replicated' });
      lab.pass(700);
      const killedAtMs = lab.loop.nowMs;
      lab.failOver();
      lab.ready(gateway);
      lab.passUntil(
        () => lab.publish(gateway, 'again', { ack: 'replicated' }).ok,
        'it is acknowledged again',
      );
      assert.ok(
        lab.loop.nowMs - killedAtMs < 5_000,
        `seed ${seed}: away for ${lab.loop.nowMs - killedAtMs} ms`,
      );
      assert.ok(before.acked.size > 50);
      const stored = lab.stored();
      for (const [data, position] of before.acked) {
        if (lab.tier.keeps(lab.channel, position))
          assert.equal(stored.get(position.offset), data, `seed ${seed}`);
      }
    }
  },
);

simulate(
  '[P2] a primary that hangs and comes back goes on alone until it is demoted, and takes nothing with it',
  () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const lab = new TierLab(seed);
      const [gateway, other] = [lab.gateway('gateway-0'), lab.gateway('gateway-1')];
      const { acked, failed } = load(lab, gateway, { ms: 9_000, ack: 'replicated' });
      lab.pass(500);
      const former = lab.tier.primary;
      lab.tier.pause(former);
      lab.pass(4_000);
      assert.notEqual(lab.tier.primary, former);
      lab.tier.resume(former);
      lab.pass(1_000);
      assert.equal(former.role, 'primary', 'nobody has told it yet');
      assert.equal(lab.tier.doubtfulUntilMs, Number.POSITIVE_INFINITY);
      lab.passUntil(() => former.role === 'replica', 'the former primary is demoted');
      assert.ok(lab.tier.doubtfulUntilMs <= lab.loop.nowMs);
      lab.pass(1_000);
      assert.ok(acked.size > 100 && failed.length > 10);
      const stored = lab.stored();
      for (const [data, position] of acked) assert.equal(stored.get(position.offset), data, `seed ${seed}`);
      former.catchUp();
      assert.equal(former.at.history, lab.tier.primary.at.history);
      lab.mustPublish(other, 'heard');
      lab.pass(50);
      assert.equal(gateway.heard.publications.at(-1)?.data, 'heard');
    }
  },
);

simulate('[P4] a primary that is cut off from its replicas takes nothing more after a few seconds', () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const lab = new TierLab(seed);
    const gateway = lab.gateway('gateway-0');
    lab.mustPublish(gateway, 'kept');
    lab.pass(20);
    const former = lab.tier.primary;
    const others = lab.tier.nodes.filter(node => node !== former).map(node => node.name);
    const heal = lab.part(former.name, [...others, ...SENTINELS]);
    // The gateway hears no Sentinel either, or it would leave.
    const hear = lab.part('gateway-0', SENTINELS);
    const cutAtMs = lab.loop.nowMs;
    let lastOkMs = cutAtMs;
    let refusal = '';
    for (let n = 0; n < 100; n += 1) {
      const answer = lab.publish(gateway, `zombie ${n}`);
      if (answer.ok) lastOkMs = lab.loop.nowMs;
      else refusal = `${answer.error.kind}: ${answer.error.message}`;
      lab.pass(80);
    }
    assert.ok(
      lastOkMs - cutAtMs > 1_000 && lastOkMs - cutAtMs < 5_500,
      `seed ${seed}: ${lastOkMs - cutAtMs} ms`,
    );
    assert.equal(refusal, 'broker_unavailable: Redis answered NOREPLICAS');
    heal();
    hear();
    lab.passUntil(() => former.role === 'replica', 'the former primary is demoted');
    lab.ready(gateway);
    lab.mustPublish(gateway, 'new');
    assert.deepEqual([...lab.stored().values()], ['kept', 'new']);
  }
});
