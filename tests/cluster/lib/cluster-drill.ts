import assert from 'node:assert/strict';
import { systemClock } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { Checker, type RoundVerdict } from '../../drill/checker/checker.ts';
import { isJudged, type LogLine } from '../../drill/checker/log-lines.ts';
import { Crowd } from '../../drill/clients/crowd.ts';
import { sumUp, worstFindings } from '../../drill/report/drill-result.ts';
import { readHeads, readLog } from '../../drill/tier/read-log.ts';
import { type Access, openAccess } from './access.ts';
import { redisAt } from './redis-primary.ts';
import { record } from './report.ts';

/** A fault, and what to call it in the report. */
export type ClusterFault = {
  readonly what: string;
  /** Breaks something, and repairs it where it does not repair itself. */
  inflict(drill: ClusterDrill): Promise<void>;
  /** Longest time without an acknowledged publish, where that is promised. */
  readonly silenceMaxMs?: number;
};

/** How many, and where: chat channels keep 1,000 publications, which lasts for some minutes at this rate. */
const PLAN = { clients: 30, channels: 4, everyMs: 160 } as const;
const BEFORE_MS = 3_000;
const QUIET_MS = 60_000;
const POLL_MS = 250;
/** Names of channels are not used twice: what another drill left in them is none of this one's. */
let drills = 0;

/** Clients and producers that come through the ingress, and the checker of `npm run drill` that watches them. */
export class ClusterDrill {
  readonly #channels: readonly string[];
  readonly #crowd: Crowd;
  readonly #checker: Checker;

  constructor(channels: readonly string[], crowd: Crowd, checker: Checker) {
    this.#channels = channels;
    this.#crowd = crowd;
    this.#checker = checker;
  }

  /** Waits until every client has everything; milliseconds that it took. */
  async untilCaughtUp(timeoutMs: number): Promise<number> {
    const startedMs = systemClock.monotonicMs();
    for (;;) {
      const heads = await readHeads(redisAt, this.#channels).catch(() => undefined);
      const missing = heads === undefined ? undefined : this.#crowd.behind(heads);
      const tookMs = systemClock.monotonicMs() - startedMs;
      if (missing === 0) return tookMs;
      if (tookMs > timeoutMs) throw new Error(`${missing} clients lack something after ${timeoutMs} ms`);
      await elapse(POLL_MS);
    }
  }

  /** Publishes through the fault, and judges what came of it. */
  async run(fault: ClusterFault): Promise<RoundVerdict> {
    await this.#crowd.publish(true);
    await elapse(BEFORE_MS);
    const faultAtMs = systemClock.nowMs();
    await fault.inflict(this);
    await this.untilCaughtUp(QUIET_MS);
    await elapse(BEFORE_MS);
    await this.#crowd.publish(false);
    const endedAtMs = systemClock.nowMs();
    // Who has not caught up by then is found by the checker.
    await this.untilCaughtUp(QUIET_MS).catch(() => {});
    const readings: LogLine[] = [];
    for (const channel of this.#channels) readings.push(await readLog(redisAt, channel, 1));
    this.#crowd.mark(1);
    const times = { faultAtMs, endedAtMs, wholeAfterMs: endedAtMs - faultAtMs };
    return this.#checker.close(
      { type: 'round', round: 1, kind: 'cluster', what: fault.what, ...times },
      readings,
    );
  }

  close(): void {
    this.#crowd.close();
  }
}

/** Runs one fault under load and asserts every promise: nothing lost unsaid, nothing twice or out of order, nobody told in vain. */
export async function drillOnCluster(fault: ClusterFault): Promise<void> {
  const drill = await openDrill(await openAccess());
  try {
    const verdict = await drill.run(fault);
    tell(fault, verdict);
    assert.deepEqual(worstFindings([verdict], 10), []);
    assert.ok(verdict.published.replicated > 0, 'something was published');
    const { silenceMaxMs } = fault;
    assert.ok(silenceMaxMs === undefined || verdict.silentMs <= silenceMaxMs, `${verdict.silentMs} ms`);
  } finally {
    drill.close();
  }
}

async function openDrill({ url, token }: Access): Promise<ClusterDrill> {
  drills += 1;
  const run = `${process.pid}-${drills}`;
  const channels = Array.from({ length: PLAN.channels }, (_, index) => `chat:drill-${run}-${index + 1}`);
  const checker = new Checker();
  const crowd = new Crowd(
    {
      name: `d${run}`,
      channels,
      witnesses: PLAN.clients,
      producers: channels.map((channel, index) => ({
        number: index + 1,
        channel,
        everyMs: PLAN.everyMs,
        afterMs: (PLAN.everyMs * index) / PLAN.channels,
      })),
      pacePerSecond: 50,
    },
    {
      clock: systemClock,
      journal: { write: line => isJudged(line) && checker.take(line) },
      optionsOf: name => ({ url, token: () => token(name) }),
    },
  );
  await crowd.start();
  return new ClusterDrill(channels, crowd, checker);
}

function tell({ what, silenceMaxMs }: ClusterFault, verdict: RoundVerdict): void {
  const { counts, published, catchUpsMs, signalled } = sumUp([verdict]);
  const acknowledged = published.primary + published.replicated;
  const limit = silenceMaxMs === undefined ? '' : ` (≤ ${silenceMaxMs})`;
  record(`${what}: longest time without an acknowledged publish`, verdict.silentMs, `ms${limit}`);
  record(`${what}: lost at level replicated`, counts['lost-replicated'], `of ${acknowledged} acknowledged`);
  record(`${what}: lost at level primary`, counts['lost-primary'], `(${signalled} clients were told)`);
  record(`${what}: from a lost connection to everything, at worst`, (catchUpsMs.at(-1) ?? 0) / 1_000, 's');
}
