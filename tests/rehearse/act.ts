import { systemClock } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import type { RoundVerdict } from '../drill/checker/checker.ts';
import type { CommandCounts } from './cluster/redis-door.ts';
import type { Span } from './figures/evidence.ts';
import type { Stage } from './stage.ts';

/** A stretch of time, and what Redis did in it. */
export type Measured = Span & {
  readonly name: string;
  readonly commandsBefore: CommandCounts;
  readonly commandsAfter: CommandCounts;
};

/** Something that was done to the cluster, and what came of it. */
export type Act = {
  /** When it was done. */
  readonly atMs: number;
  readonly during: Measured;
  readonly after: Span & { readonly name: string };
  readonly verdict: RoundVerdict;
};

/** What is to be done. */
export type ActPlan = {
  /** A few words; unlike that of any other act of the rehearsal. */
  readonly name: string;
  readonly kind: string;
  /** Does it, and resolves when it is over on the cluster's side. */
  run(): Promise<void>;
  /** Load after that. */
  readonly afterMs: number;
  /** How long everybody may take to have everything again. */
  readonly caughtUpMs?: number;
};

const WARM_MS = 3_000;

/** Measures the load with nothing done to it. */
export async function quiet(stage: Stage, forMs: number): Promise<Measured> {
  await stage.publish(true);
  await elapse(WARM_MS);
  return measure(stage, 'quiet', () => elapse(forMs));
}

/** Does something under load, waits until everybody has everything, and has it judged. Nobody publishes afterwards. */
export async function act(stage: Stage, { name, kind, run, afterMs, caughtUpMs }: ActPlan): Promise<Act> {
  await stage.publish(true);
  await elapse(WARM_MS);
  let atMs = 0;
  let wholeAfterMs = 0;
  const during = await measure(stage, name, async () => {
    atMs = systemClock.nowMs();
    await run();
    wholeAfterMs = systemClock.nowMs() - atMs;
    await stage.untilCaughtUp(caughtUpMs);
  });
  const afterName = `after ${name}`;
  const fromMs = systemClock.nowMs();
  await stage.window(afterName);
  await elapse(afterMs);
  await stage.window();
  const after = { name: afterName, fromMs, toMs: systemClock.nowMs() };
  const verdict = await stage.close({ kind, what: name, faultAtMs: atMs, wholeAfterMs });
  return { atMs, during, after, verdict };
}

async function measure(stage: Stage, name: string, run: () => Promise<void>): Promise<Measured> {
  const { redis } = stage.cluster;
  const commandsBefore = await redis.counts();
  const fromMs = systemClock.nowMs();
  await stage.window(name);
  await run();
  const toMs = systemClock.nowMs();
  await stage.window();
  // Redis may be what is down; then what it ran is not known.
  const commandsAfter = await redis.counts().catch(() => commandsBefore);
  return { name, fromMs, toMs, commandsBefore, commandsAfter };
}
