import assert from 'node:assert/strict';
import { simulate, TierLab } from './tier-lab.ts';

simulate(
  '[B3] a primary that comes back empty at once empties everybody, and what was there is unknown',
  () => {
    const lab = new TierLab(1);
    const gateway = lab.gateway('gateway-0');
    const lost = lab.mustPublish(gateway, 'lost', { ack: 'replicated' });
    const { primary } = lab.tier;
    lab.tier.restart(primary, { data: 'empty', role: 'as it was' });
    lab.pass(3_000);
    assert.equal(lab.tier.primary, primary, 'it was too quick for the Sentinels');
    lab.ready(gateway);
    assert.equal(lab.readAfter(gateway, lost).resume.outcome, 'unknown');
    for (let n = 0; n < 3; n += 1) lab.mustPublish(gateway, `new ${n}`);
    assert.equal(lab.readAfter(gateway, lost).resume.outcome, 'unknown');
    assert.equal(lab.tier.keeps(lab.channel, lost), false);
    lab.pass(100);
    for (const node of lab.tier.nodes) assert.deepEqual([node.name, node.at], [node.name, primary.at]);
  },
);

simulate('[B3] a primary that lost its last second is truncated where its file ends', () => {
  const lab = new TierLab(2);
  const gateway = lab.gateway('gateway-0');
  const kept = lab.mustPublish(gateway, 'kept');
  lab.pass(1_500);
  const lost = lab.mustPublish(gateway, 'lost');
  lab.tier.restart(lab.tier.primary, { data: 'last second lost', role: 'as it was' });
  lab.ready(gateway);
  lab.passUntil(() => lab.publish(gateway, 'new').ok, 'it is acknowledged');
  assert.deepEqual(lab.readAfter(gateway, lost).resume, { outcome: 'truncated', divergedAt: 2 });
  assert.equal(lab.readAfter(gateway, kept).resume.outcome, 'recovered');
});

simulate(
  '[B3] a primary that asks what to be stands aside, whatever its disk lost, and nothing is missing',
  () => {
    for (const data of ['kept', 'last second lost', 'empty'] as const) {
      const lab = new TierLab(3);
      const gateway = lab.gateway('gateway-0');
      const position = lab.mustPublish(gateway, 'kept', { ack: 'replicated' });
      const former = lab.tier.primary;
      lab.tier.restart(former, { data });
      lab.passUntil(() => lab.tier.primary !== former, 'another primary is named');
      lab.passUntil(() => lab.tier.primary.leader?.goodReplicas === 2, 'both others follow');
      lab.ready(gateway);
      assert.equal(lab.readAfter(gateway, position).resume.outcome, 'recovered');
      assert.deepEqual([...lab.stored().values()], ['kept']);
      former.catchUp();
      assert.equal(former.server.runner.data.hash('kw:{chat:lab}:state')?.get('offset'), '1');
    }
  },
);

simulate(
  '[B3] a tier of which all are gone leads again after half a minute, and never empty where a peer has data',
  () => {
    const lab = new TierLab(4);
    const gateway = lab.gateway('gateway-0');
    lab.mustPublish(gateway, 'kept', { ack: 'replicated' });
    const { nodes, primary } = lab.tier;
    for (const node of nodes) lab.tier.crash(node);
    lab.pass(5_000);
    lab.tier.restart(primary, { data: 'empty' });
    const peer = nodes.find(node => node !== primary);
    assert.ok(peer !== undefined);
    lab.tier.restart(peer);
    lab.pass(1_000);
    assert.equal(lab.publish(gateway, 'refused').ok, false);
    lab.passUntil(() => lab.tier.primary === peer && peer.role === 'primary', 'the one with data leads');
    lab.passUntil(() => lab.publish(gateway, 'new').ok, 'it is acknowledged');
    assert.deepEqual([...lab.stored().values()], ['kept', 'new']);
  },
);

simulate('[Y1] a replica that was away goes on where it was, or gets a copy where the histories part', () => {
  const lab = new TierLab(5);
  const gateway = lab.gateway('gateway-0');
  const replica = lab.tier.nodes.find(node => node !== lab.tier.primary);
  assert.ok(replica !== undefined);
  lab.mustPublish(gateway, 1);
  lab.tier.pause(replica);
  lab.mustPublish(gateway, 2);
  lab.pass(100);
  const away = replica.at;
  lab.mustPublish(gateway, 3);
  assert.equal(replica.at.index, away.index, 'a process that hangs takes nothing in');
  lab.tier.resume(replica);
  lab.pass(10);
  assert.deepEqual(replica.at, lab.tier.primary.at, 'what waited in its socket is there');
  lab.tier.restart(replica, { data: 'empty' });
  lab.pass(1_000);
  assert.deepEqual(replica.at, lab.tier.primary.at);
  replica.catchUp();
  assert.equal(replica.server.runner.data.hash('kw:{chat:lab}:state')?.get('offset'), '3');
});
