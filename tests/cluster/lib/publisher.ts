import { delay, systemClock } from '@kittiwake/base';
import type { Witness } from './access.ts';

/** One publication that a gateway acknowledged, and when (monotonic milliseconds). */
export type Acked = { readonly data: { readonly n: number }; readonly atMs: number };

/** A publisher that goes on whatever happens. */
export type Publishing = {
  readonly acked: readonly Acked[];
  /** Publishes that were refused or whose fate is unknown, by outcome. */
  readonly others: readonly string[];
  /** When the first publish that began after `sinceMs` was acknowledged; `undefined` until then. */
  firstAfter(sinceMs: number): number | undefined;
  /** The longest time between two acknowledgements. */
  longestGapMs(): number;
  /** Stops, and waits for what is under way. */
  stop(): Promise<void>;
};

/** Publishes `{ n }` every `everyMs`, several under way at a time, and writes down what became of each. */
export function startPublishing(
  { channel }: Pick<Witness, 'channel'>,
  { everyMs }: { readonly everyMs: number },
): Publishing {
  const acked: Acked[] = [];
  const begun = new Map<number, number>();
  const others: string[] = [];
  const underWay = new Set<Promise<void>>();
  let running = true;

  const publish = async (n: number): Promise<void> => {
    begun.set(n, systemClock.monotonicMs());
    const data = { n };
    const { outcome } = await channel.publish('load:failover:publish', data, { timeoutMs: 20_000 });
    if (outcome === 'acked') acked.push({ data, atMs: systemClock.monotonicMs() });
    else others.push(outcome);
  };
  const loop = (async () => {
    for (let n = 0; running; n += 1) {
      const work = publish(n).finally(() => underWay.delete(work));
      underWay.add(work);
      await delay(systemClock, everyMs);
    }
  })();

  return {
    acked,
    others,
    firstAfter: sinceMs => acked.find(({ data }) => (begun.get(data.n) ?? 0) > sinceMs)?.atMs,
    longestGapMs() {
      const times = acked.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
      return Math.max(0, ...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)));
    },
    async stop() {
      running = false;
      await loop;
      await Promise.all(underWay);
    },
  };
}
