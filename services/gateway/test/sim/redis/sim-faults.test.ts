import assert from 'node:assert/strict';
import type { Position } from '@kittiwake/protocol';
import { type LabGateway, simulate, TierLab } from './tier-lab.ts';

function refusal(lab: TierLab, gateway: LabGateway): string {
  const refused = lab.publish(gateway, 'refused');
  assert.ok(!refused.ok);
  return `${refused.error.kind}: ${refused.error.message}`;
}

simulate('[P4] a full disk, a full memory and too few replicas refuse, and nothing is stored', () => {
  const lab = new TierLab(1);
  const gateway = lab.gateway('gateway-0');
  lab.tier.fullDisk(true);
  assert.equal(refusal(lab, gateway), 'broker_unavailable: Redis answered MISCONF');
  lab.tier.fullDisk(false);
  lab.tier.outOfMemory(true);
  assert.equal(refusal(lab, gateway), 'broker_unavailable: Redis answered OOM');
  lab.tier.outOfMemory(false);
  lab.tier.minReplicas(3);
  assert.equal(refusal(lab, gateway), 'broker_unavailable: Redis answered NOREPLICAS');
  lab.tier.minReplicas(1);
  lab.mustPublish(gateway, 'kept');
  assert.deepEqual([...lab.stored().values()], ['kept']);
});

simulate(
  '[B10] a user without rights is said to lack them, and the gateway recovers when it has them again',
  () => {
    const lab = new TierLab(2);
    const gateway = lab.gateway('gateway-0');
    lab.tier.withoutRights(true);
    assert.match(refusal(lab, gateway), /^broker_unavailable/);
    lab.pass(3_000);
    const status = gateway.tier.broker.status();
    assert.equal(status.phase, 'degraded');
    assert.match(status.phase === 'degraded' ? status.reason : '', /does not permit/);
    lab.tier.withoutRights(false);
    lab.ready(gateway);
    lab.mustPublish(gateway, 'kept');
  },
);

simulate('[B4] killed subscriptions are renewed, and doubted', () => {
  const lab = new TierLab(3);
  const gateway = lab.gateway('gateway-0');
  lab.tier.killPubsub();
  lab.passUntil(() => gateway.heard.doubts.includes(lab.channel), 'the channel is doubted');
  lab.mustPublish(gateway, 'after');
  lab.passUntil(() => gateway.heard.publications.length === 1, 'it is heard');
});

simulate('[B4] a subscriber that is dead and looks alive is noticed and renewed', () => {
  const lab = new TierLab(4);
  const gateway = lab.gateway('gateway-0');
  const other = lab.gateway('gateway-1');
  lab.tier.muteSubscriber(gateway.host);
  lab.mustPublish(other, 'unheard');
  lab.passUntil(() => gateway.heard.doubts.includes(lab.channel), 'the channel is doubted');
  assert.equal(gateway.heard.publications.length, 0);
  assert.equal(gateway.metrics.value('kittiwake_broker_canary_lost_total'), 1);
  lab.ready(gateway);
  const page = lab.readAfter(gateway, { offset: 0, epoch: 'any' });
  assert.deepEqual(
    page.publications.map(one => one.data),
    ['unheard'],
  );
});

simulate('[B5] a flushed script cache is not noticed, nor does it change the order', () => {
  const lab = new TierLab(5);
  const gateway = lab.gateway('gateway-0');
  lab.mustPublish(gateway, 0);
  lab.tier.scriptFlush();
  const published = [1, 2, 3, 4, 5].map(n => gateway.tier.broker.publish(lab.command(n)));
  const offsets = published.map(one => {
    const result = lab.settle(one);
    assert.ok(result.ok);
    return result.value.position?.offset;
  });
  assert.deepEqual(offsets, [2, 3, 4, 5, 6]);
});

simulate(
  '[B5] a publish to a server that hangs is unknown after its deadline, and the gateway recovers',
  () => {
    const lab = new TierLab(6);
    const gateway = lab.gateway('gateway-0');
    const startedMs = lab.loop.nowMs;
    lab.tier.pause(lab.tier.primary);
    assert.match(refusal(lab, gateway), /^unknown_outcome/);
    const tookMs = lab.loop.nowMs - startedMs;
    assert.ok(tookMs > 1_000 && tookMs <= 2_001, `it took ${tookMs} ms`);
    lab.tier.resume(lab.tier.primary);
    lab.passUntil(() => lab.publish(gateway, 'again').ok, 'it is acknowledged');
  },
);

simulate('[B5] paused clients wait and are served in order; for longer than a deadline, nobody knows', () => {
  const lab = new TierLab(7);
  const gateway = lab.gateway('gateway-0');
  lab.tier.clientPause(500);
  const first = lab.mustPublish(gateway, 'first');
  assert.equal(first.offset, 1);
  lab.tier.clientPause(2_500);
  assert.match(refusal(lab, gateway), /^unknown_outcome/);
  lab.pass(3_000);
  lab.ready(gateway);
  lab.mustPublish(gateway, 'second');
  assert.deepEqual([...lab.stored().values()], ['first', 'refused', 'second']);
});

simulate('[B9] a flushed database and evicted keys are noticed, and positions of them are unknown', () => {
  const lab = new TierLab(8);
  const gateway = lab.gateway('gateway-0');
  const flushed = lab.mustPublish(gateway, 'flushed');
  lab.pass(2_500);
  lab.tier.flushAll();
  lab.passUntil(() => gateway.heard.doubts.includes(lab.channel), 'the channel is doubted');
  assert.equal(lab.readAfter(gateway, flushed).resume.outcome, 'unknown');
  const evicted = lab.mustPublish(gateway, 'evicted');
  lab.pass(2_500);
  gateway.heard.doubts.length = 0;
  lab.tier.evict(lab.channel);
  lab.passUntil(() => gateway.heard.doubts.includes(lab.channel), 'the channel is doubted again');
  assert.equal(lab.readAfter(gateway, evicted).resume.outcome, 'unknown');
  assert.deepEqual(
    [flushed, evicted].map(one => lab.tier.keeps(lab.channel, one)),
    [false, false],
  );
});

simulate('[B6] a gateway starts without its broker, and goes on when the broker comes', () => {
  const lab = new TierLab(9);
  for (const node of lab.tier.nodes) lab.tier.crash(node);
  const gateway = lab.gateway('gateway-0');
  assert.equal(gateway.tier.broker.status().phase, 'degraded');
  for (const node of lab.tier.nodes) lab.tier.restart(node);
  lab.passUntil(() => lab.publish(gateway, 'at last').ok, 'it is acknowledged');
});

simulate('[Y1] troubled announcements are repeated, reordered and late, and answers are not', () => {
  const lab = new TierLab(10);
  const gateway = lab.gateway('gateway-0');
  lab.tier.troubleAnnouncements({ duplicate: 0.3, reorder: 0.3, delayMs: 5 });
  const published = Array.from({ length: 50 }, (_, n) => gateway.tier.broker.publish(lab.command(n)));
  const offsets = published.map(one => lab.settle(one)).map(one => (one.ok ? one.value.position?.offset : 0));
  assert.deepEqual(
    offsets,
    offsets.toSorted((a, b) => Number(a) - Number(b)),
  );
  lab.pass(100);
  const heard = gateway.heard.publications.map(one => one.position.offset);
  assert.ok(heard.length > 50);
  assert.notDeepEqual(
    heard,
    heard.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(heard).size, 50);
});

simulate('[Y1] announcements follow those that were in trouble, once the trouble is over', () => {
  const lab = new TierLab(12);
  const gateway = lab.gateway('gateway-0');
  const other = lab.gateway('gateway-1');
  const heal = lab.part(
    gateway.host.name,
    lab.tier.nodes.map(node => node.name),
  );
  lab.tier.troubleAnnouncements({ duplicate: 0, reorder: 0, delayMs: 5 });
  for (let n = 0; n < 5; n += 1) lab.mustPublish(other, n);
  lab.tier.troubleAnnouncements(undefined);
  for (let n = 5; n < 10; n += 1) lab.mustPublish(other, n);
  heal();
  lab.passUntil(() => gateway.heard.publications.length === 10, 'all of them are heard');
  assert.deepEqual(
    gateway.heard.publications.map(one => one.data),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

simulate('[Y1] announcements in trouble follow those that were on a slow way before them', () => {
  const lab = new TierLab(13);
  const gateway = lab.gateway('gateway-0');
  const other = lab.gateway('gateway-1');
  const slow = (ms: number): void => {
    for (const { name } of lab.tier.nodes) lab.network.slow(name, gateway.host.name, ms);
  };
  slow(1_000);
  for (let n = 0; n < 5; n += 1) lab.mustPublish(other, n);
  lab.tier.troubleAnnouncements({ duplicate: 0, reorder: 0, delayMs: 0 });
  lab.mustPublish(other, 5);
  slow(0);
  lab.tier.troubleAnnouncements({ duplicate: 0, reorder: 1, delayMs: 0 });
  for (let n = 6; n < 10; n += 1) lab.mustPublish(other, n);
  lab.passUntil(() => gateway.heard.publications.length === 10, 'all of them are heard');
  const heard = gateway.heard.publications.map(one => one.data);
  assert.deepEqual(heard.slice(0, 5), [0, 1, 2, 3, 4]);
});

simulate('[Y1] everything that is stored is told, with the position that it was answered with', () => {
  const told: [Position, string][] = [];
  const lab = new TierLab(11, (_, position, body) => told.push([position, body]));
  const gateway = lab.gateway('gateway-0');
  const positions = [
    lab.mustPublish(gateway, 1),
    lab.mustPublish(gateway, 2, { history: { size: 0, ageMs: 0 } }),
    lab.mustPublish(gateway, 3, { visibility: 'replicated', ack: 'replicated' }),
    lab.mustPublish(gateway, 4, { key: 'k' }),
    lab.mustPublish(gateway, 4, { key: 'k' }),
  ];
  assert.deepEqual(
    told.map(([position]) => position),
    positions.slice(0, 4),
  );
  assert.deepEqual(
    told.map(([, body]) => (JSON.parse(body) as { data: number }).data),
    [1, 2, 3, 4],
  );
  assert.equal(lab.tier.firstKept(lab.channel), 3);
});

simulate('[B6] who finds no primary while the ways are slow finds one once they are fast again', () => {
  const lab = new TierLab(11);
  const gateway = lab.gateway('gateway-0');
  const slow = (ms: number): void => {
    for (const { name } of lab.tier.nodes)
      for (const [from, to] of [
        [gateway.host.name, name],
        [name, gateway.host.name],
      ] as const)
        lab.network.slow(from, to, ms);
  };
  slow(3_000);
  lab.passUntil(() => gateway.tier.broker.status().phase === 'degraded', 'the primary is too slow');
  lab.pass(20_000);
  slow(0);
  lab.ready(gateway);
  lab.mustPublish(gateway, 'after');
});

simulate('[B9] an emptied database is noticed by who looks first, though nothing was published', () => {
  const lab = new TierLab(13);
  const gateway = lab.gateway('gateway-0');
  lab.pass(5_000);
  lab.tier.flushAll();
  lab.passUntil(() => gateway.heard.doubts.includes(lab.channel), 'the channel is doubted');
});
