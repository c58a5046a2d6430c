import { every, systemClock, type Timer } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { openAccess, secret } from '../cluster/lib/access.ts';
import { Checker, type RoundVerdict } from '../drill/checker/checker.ts';
import { isJudged, type RoundLine } from '../drill/checker/log-lines.ts';
import { readHeads } from '../drill/tier/read-log.ts';
import type { Cluster } from './cluster/cluster.ts';
import { LogTail } from './cluster/log-tail.ts';
import { type CrowdLayout, type CrowdSize, planCrowds } from './crowds/crowd-layout.ts';
import { Crowds } from './crowds/crowds.ts';
import { Evidence } from './figures/evidence.ts';

const TAIL_EVERY_MS = 15_000;
const POLL_MS = 250;
const CAUGHT_UP_MS = 60_000;

/** Where clients write, and what is done when all but the last process of them have connected: with two, about half. */
export type Opening = { readonly folder: string; readonly halfway?: () => Promise<void> | undefined };

/** What a rehearsal is played on: a cluster that is there, clients that come through its ingress, and all who watch. */
export class Stage {
  readonly layout: CrowdLayout;
  readonly cluster: Cluster;
  readonly evidence = new Evidence();
  readonly #crowds: Crowds;
  readonly #tail: LogTail;
  readonly #tailing: Timer;
  readonly #checker = new Checker();
  readonly #verdicts: RoundVerdict[] = [];

  constructor(cluster: Cluster, layout: CrowdLayout, crowds: Crowds) {
    this.layout = layout;
    this.cluster = cluster;
    this.#crowds = crowds;
    this.#tail = new LogTail(cluster.redis.command, this.channels);
    // Where Redis does not answer, the next reading takes it all, as long as it is kept.
    this.#tailing = every(systemClock, TAIL_EVERY_MS, () => void this.#tail.read().catch(() => {}));
  }

  /** Connects everybody, and does something in between; nobody publishes yet. What clients write down goes to `folder`. */
  static async open(cluster: Cluster, size: CrowdSize, { folder, halfway }: Opening): Promise<Stage> {
    const { url } = await openAccess();
    const signingKey = await secret('kittiwake-signing-keys', 'current');
    const layout = planCrowds(size);
    const crowds = new Crowds({ url, signingKey, folder });
    try {
      await crowds.add(layout.crowds.slice(0, -1));
      await halfway?.();
      await crowds.add(layout.crowds.slice(-1));
    } catch (reason) {
      await crowds.stop();
      throw reason;
    }
    return new Stage(cluster, layout, crowds);
  }

  get channels(): readonly string[] {
    return [...this.layout.busy, ...this.layout.calm];
  }

  get verdicts(): readonly RoundVerdict[] {
    return this.#verdicts;
  }

  async publish(on: boolean): Promise<void> {
    await this.#crowds.tell({ do: 'publish', on });
  }

  /** Ends the open stretch and begins the next one, where it has a name. */
  async window(name?: string): Promise<void> {
    await this.#crowds.tell({ do: 'window', ...(name !== undefined && { name }) });
  }

  /** Clients that are no members now, or lack what the log has; `undefined` while Redis does not say. */
  async behind(): Promise<number | undefined> {
    const heads = await readHeads(this.cluster.redis.command, this.channels).catch(() => undefined);
    return heads === undefined ? undefined : this.#crowds.behind(heads);
  }

  /** Waits until every client is a member and has what the log had a moment before; milliseconds that it took. */
  async untilCaughtUp(timeoutMs = CAUGHT_UP_MS): Promise<number> {
    const startedMs = systemClock.monotonicMs();
    for (;;) {
      const missing = await this.behind();
      const tookMs = systemClock.monotonicMs() - startedMs;
      if (missing === 0) return tookMs;
      if (tookMs > timeoutMs) throw new Error(`${missing} clients had not caught up after ${timeoutMs} ms`);
      await elapse(POLL_MS);
    }
  }

  /** Ends a round: everybody pauses and catches up, the log is read, and the checker judges. */
  async close(line: Omit<RoundLine, 'type' | 'endedAtMs' | 'round'>): Promise<RoundVerdict> {
    const round = this.#verdicts.length + 1;
    await this.publish(false);
    const endedAtMs = systemClock.nowMs();
    // Who has not caught up by then is found by the checker.
    await this.untilCaughtUp().catch(() => {});
    await this.#tail.read();
    await this.#crowds.tell({ do: 'mark', round });
    for (const { crowd, line: written } of this.#crowds.lines()) {
      if (isJudged(written)) this.#checker.take(written);
      if (crowd !== this.layout.slow) this.evidence.take(written);
    }
    const verdict = this.#checker.close({ type: 'round', round, ...line, endedAtMs }, this.#tail.take(round));
    this.#verdicts.push(verdict);
    return verdict;
  }

  /** Has the crowd that is meant for it stop reading, or go on. */
  freezeSlow(on: boolean): void {
    if (this.layout.slow !== undefined) this.#crowds.freeze(this.layout.slow, on);
  }

  /** Ends every process of clients. */
  async stop(): Promise<void> {
    this.#tailing.cancel();
    await this.#crowds.stop();
  }
}
