import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, err, ok } from '@kittiwake/base';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import type { LeaseRecord } from './election-state.ts';
import { Elector, type LeaseStore } from './elector.ts';

const RULES = { durationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** A Lease as the API server keeps it: optimistic locking by version. */
class FakeLease {
  record: LeaseRecord | undefined;
  readonly #clock: Clock;
  #version = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What one replica sees of it: `isCutOff` makes every call hang for `hangMs` and fail. */
  view(link: { isCutOff: boolean; hangMs: number }): LeaseStore {
    const travel = (): Promise<boolean> =>
      new Promise(
        resolve => void this.#clock.after(link.isCutOff ? link.hangMs : 5, () => resolve(!link.isCutOff)),
      );
    const store = (holder: string, durationMs: number, transitions: number): LeaseRecord => {
      this.#version += 1;
      const renewTime = String(this.#clock.nowMs());
      this.record = {
        holder,
        durationMs,
        transitions,
        renewTime,
        acquireTime: renewTime,
        version: String(this.#version),
      };
      return this.record;
    };
    const failed = err({ kind: 'failed', message: 'cut off' } as const);
    const race = err({ kind: 'lost-race', message: 'conflict' } as const);
    return {
      read: async () => ((await travel()) ? ok(this.record) : failed),
      create: async (holder, durationMs) => {
        if (!(await travel())) return failed;
        return this.record === undefined ? ok(store(holder, durationMs, 0)) : race;
      },
      update: async (over, next) => {
        if (!(await travel())) return failed;
        return this.record?.version === over.version
          ? ok(store(next.holder, next.durationMs, next.transitions))
          : race;
      },
    };
  }
}

type Replica = {
  readonly elector: Elector;
  readonly link: { isCutOff: boolean; hangMs: number };
  readonly heard: string[];
};

function replica(clock: FakeClock, lease: FakeLease, identity: string): Replica {
  const link = { isCutOff: false, hangMs: 4_000 };
  const heard: string[] = [];
  const elector = new Elector({
    clock,
    leases: lease.view(link),
    rules: { ...RULES, identity },
    handler: { won: () => heard.push('won'), lost: reason => heard.push(reason), failed: () => {} },
    onFailure: (_name, reason) => assert.fail(String(reason)),
  });
  return { elector, link, heard };
}

test('[R2] of two replicas that start together one leads', async () => {
  const clock = createFakeClock();
  const lease = new FakeLease(clock);
  const [a, b] = [replica(clock, lease, 'a'), replica(clock, lease, 'b')];
  a.elector.start();
  b.elector.start();
  await clock.run(5_000);
  assert.deepEqual([a.elector.holds(), b.elector.holds()].sort(), [false, true]);
});

test('[R3] a leader that is cut off ends its lead on time although its request still hangs', async () => {
  const clock = createFakeClock();
  const a = replica(clock, new FakeLease(clock), 'a');
  a.elector.start();
  await clock.run(1_000);
  a.link.isCutOff = true;
  a.link.hangMs = 60_000;
  await clock.run(11_000);
  assert.deepEqual(a.heard, ['won', 'deadline']);
});

test('[R2] a follower takes over 15 s after the last renewal that it saw', async () => {
  const clock = createFakeClock();
  const lease = new FakeLease(clock);
  const [a, b] = [replica(clock, lease, 'a'), replica(clock, lease, 'b')];
  a.elector.start();
  await clock.run(100);
  b.elector.start();
  await clock.run(10_000);
  a.link.isCutOff = true;
  await clock.run(14_000);
  assert.equal(b.elector.holds(), false);
  await clock.run(3_500);
  assert.equal(b.elector.holds(), true);
});

test('[R4] a leader that stops is followed within one retry', async () => {
  const clock = createFakeClock();
  const lease = new FakeLease(clock);
  const [a, b] = [replica(clock, lease, 'a'), replica(clock, lease, 'b')];
  a.elector.start();
  await clock.run(100);
  b.elector.start();
  await clock.run(5_000);
  const stopped = a.elector.stop();
  await clock.run(2_100);
  await stopped;
  assert.equal(b.elector.holds(), true);
});

for (let seed = 1; seed <= 30; seed += 1) {
  test(`[R3] with links that come and go, never two lead at once (seed ${seed})`, async () => {
    const clock = createFakeClock();
    const random = createSeededRandom(seed);
    const lease = new FakeLease(clock);
    const replicas = ['a', 'b', 'c'].map(identity => replica(clock, lease, identity));
    for (const { elector } of replicas) elector.start();
    let led = 0;
    for (let round = 0; round < 120; round += 1) {
      for (const { link } of replicas) if (random.next() < 0.15) link.isCutOff = !link.isCutOff;
      await clock.run(Math.floor(random.next() * 4_000));
      const leaders = replicas.filter(({ elector }) => elector.holds()).length;
      assert.ok(leaders <= 1, `${leaders} lead in round ${round}`);
      led += leaders;
    }
    assert.ok(led > 10, 'somebody led most of the time');
  });
}
