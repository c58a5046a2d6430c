import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type Random, randomInt } from '@kittiwake/base';
import type { Position } from '@kittiwake/protocol';
import { createSeededRandom } from '@kittiwake/testkit';
import { type LabGateway, SENTINELS, simulate, TierLab } from './tier-lab.ts';

const TROUBLE_MS = 30_000;
const SEEDS = 8;

/** What became of one seed. */
type Life = {
  readonly hash: string;
  readonly acked: number;
  readonly failovers: number;
  readonly lost: number;
};

/** Thirty seconds of faults under load, and what must be true afterwards. */
function live(seed: number): Life {
  const trace = createHash('sha1');
  const lab = new TierLab(seed, (_, position, body) =>
    trace.update(`${position.offset} ${position.epoch} ${body}`),
  );
  const random = createSeededRandom(seed * 7);
  const gateways = ['gateway-0', 'gateway-1', 'gateway-2'].map(name => lab.gateway(name));
  const acked = new Map<string, Position>();
  for (const [n, gateway] of gateways.entries()) publishAll(lab, gateway, { n, acked });
  const startMs = lab.loop.nowMs;
  for (let n = 0; n < 8; n += 1) harm(lab, random, startMs + random.next() * TROUBLE_MS);
  const former = new Set<string>();
  while (lab.loop.nowMs < startMs + TROUBLE_MS + 25_000) {
    lab.pass(100);
    former.add(`${lab.tier.primary.name} ${lab.tier.primary.leader?.history.replid ?? ''}`);
  }
  const lost = check(lab, acked, seed);
  for (const gateway of gateways) listenAgain(lab, gateway, seed);
  for (const { heard } of gateways)
    trace.update(JSON.stringify([heard.publications, heard.doubts, heard.statuses]));
  trace.update(`${lab.loop.events} ${lab.loop.nowMs} ${[...acked].join()}`);
  return { hash: trace.digest('hex'), acked: acked.size, failovers: former.size - 1, lost };
}

function publishAll(
  lab: TierLab,
  gateway: LabGateway,
  { n, acked }: { readonly n: number; readonly acked: Map<string, Position> },
): void {
  for (let serial = 0; serial < TROUBLE_MS / 100; serial += 1) {
    const data = `${n}/${serial}`;
    lab.loop.after(serial * 100 + n * 30, () => {
      void gateway.tier.broker.publish(lab.command(data, { ack: 'replicated' })).then(result => {
        if (result.ok && result.value.position !== undefined) acked.set(data, result.value.position);
      });
    });
  }
}

/** One fault at its moment, and the end of it. */
function harm(lab: TierLab, random: Random, atMs: number): void {
  const { tier, loop } = lab;
  const node = tier.nodes[randomInt(random, 3)] ?? tier.primary;
  const lastsMs = 200 + random.next() * 6_000;
  const kinds: readonly (() => () => void)[] = [
    () => {
      tier.crash(node);
      return () => tier.restart(node);
    },
    () => {
      tier.pause(node);
      return () => tier.resume(node);
    },
    () => {
      tier.stallReplication(node);
      return () => tier.resumeReplication(node);
    },
    () =>
      lab.part(node.name, [...SENTINELS, ...tier.nodes.filter(other => other !== node).map(one => one.name)]),
  ];
  const kind = kinds[randomInt(random, kinds.length)];
  loop.at(atMs, () => {
    const end = kind?.();
    if (end !== undefined) loop.after(lastsMs, end);
  });
}

/** Every acknowledgement was true: an entry is where it was said to be, or a replica held it and the tier lost it. */
function check(lab: TierLab, acked: ReadonlyMap<string, Position>, seed: number): number {
  const there = new Map(
    lab.tier.entries(lab.channel).map(entry => [`${entry.offset} ${entry.epoch}`, entry.data]),
  );
  let lost = 0;
  for (const [data, position] of acked) {
    const stored = there.get(`${position.offset} ${position.epoch}`);
    if (stored === data) continue;
    assert.equal(
      lab.tier.keeps(lab.channel, position),
      false,
      `seed ${seed}: ${data} was acknowledged and is gone`,
    );
    lost += 1;
  }
  return lost;
}

function listenAgain(lab: TierLab, gateway: LabGateway, seed: number): void {
  lab.passUntil(
    () => lab.publish(gateway, `end of ${gateway.name}`).ok,
    `seed ${seed}: ${gateway.name} publishes`,
  );
  lab.passUntil(
    () => gateway.heard.publications.some(one => one.data === `end of ${gateway.name}`),
    `seed ${seed}: ${gateway.name} hears`,
  );
}

simulate(
  '[Y1] whatever happens to it, the tier recovers, and acknowledges as replicated only what a replica holds',
  () => {
    let [acked, failovers, lost] = [0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const life = live(seed);
      acked += life.acked;
      failovers += life.failovers;
      lost += life.lost;
    }
    assert.ok(
      acked > 300 * SEEDS && failovers > SEEDS,
      `${acked} acknowledged, ${failovers} failovers, ${lost} lost`,
    );
  },
);

simulate('[Y1] the same seed lives the same life, another one another', () => {
  const [one, again, other] = [live(3), live(3), live(4)];
  assert.deepEqual(again, one);
  assert.notEqual(other.hash, one.hash);
});
