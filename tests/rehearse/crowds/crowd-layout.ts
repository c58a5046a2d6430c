import type { CrowdPlan, ProducerPlan } from '../../drill/clients/crowd.ts';
import type { Niceness } from '../../drill/clients/niceness.ts';

/** How many there are of everything. */
export type CrowdSize = {
  /** Unlike that of any other run: what another one left in its channels is none of this one's. */
  readonly run: string;
  /** Clients, producers among them. */
  readonly clients: number;
  /** Publishes per second, of all producers together. */
  readonly rate: number;
  /** Between two publications of a busy channel: how finely a gap is seen there. */
  readonly busyEveryMs: number;
  /** Processes that share the clients of calm channels. */
  readonly processes: number;
  /** Of a hundred clients, those that have a process of their own in the busy channels, to be stopped; none where absent. */
  readonly slowPercent?: number | undefined;
  /** Length of the text of each publication in a busy channel. */
  readonly busyTextLength?: number | undefined;
};

/** Who connects, and where. */
export type CrowdLayout = {
  readonly busy: readonly string[];
  readonly calm: readonly string[];
  /** Name of the crowd that is to be stopped, where there is one. */
  readonly slow: string | undefined;
  /** One of these is a process. */
  readonly crowds: readonly CrowdPlan[];
};

/** One client in so many is in a busy channel; what they feel stands for all. */
const BUSY_ONE_IN = 100;
const BUSY_CLIENTS_MIN = 30;
/** Between two publications of a calm channel. */
const CALM_EVERY_MS = 2_500;
/** Clients of a calm channel, at least: one of them publishes. */
const CLIENTS_PER_CHANNEL_MIN = 6;
const PUBLISHERS = 'p';
const BUSY = 'busy';
const SLOW = 'slow';
/** A tenth of what others get while all cores are wanted. */
export const YIELDING: Niceness = 10;
/** Clients that begin to connect in a second, in all processes. */
const PACE_PER_SECOND = 300;

/**
 * Shares clients and publishes out. Half of the publishes go to a few busy channels, where a gap is seen to within
 * `busyEveryMs`. All others have calm channels: every loss is seen there, and every late delivery, without a machine of
 * its own for the deliveries.
 */
export function planCrowds(size: CrowdSize): CrowdLayout {
  const { run, rate, busyEveryMs, processes, slowPercent = 0 } = size;
  const slow = Math.round((size.clients * slowPercent) / 100);
  const busy = name(run, 'busy', Math.max(1, Math.round((rate / 2) * (busyEveryMs / 1_000))));
  const calmRate = Math.max(0, rate - (busy.length * 1_000) / busyEveryMs);
  const listeners = Math.max(0, size.clients - slow - busy.length);
  const share = Math.max(BUSY_CLIENTS_MIN, Math.round(size.clients / BUSY_ONE_IN));
  const few = calmRate === 0 ? listeners : Math.min(listeners, share);
  const others = listeners - few;
  const calm = name(run, 'calm', calmChannels(others, calmRate));
  const producers = [
    ...planProducers(busy, { everyMs: busyEveryMs, textLength: size.busyTextLength }),
    ...planProducers(calm, {
      everyMs: (1_000 * calm.length) / Math.max(1, calmRate),
      numberedFrom: busy.length,
    }),
  ];
  const shares = Array.from({ length: calm.length === 0 ? 0 : processes }, (_, index) => index);
  const common = { producers: [], pacePerSecond: PACE_PER_SECOND / (shares.length + 1) };
  const watching = Math.max(0, others - calm.length);
  return {
    busy,
    calm,
    slow: slow === 0 ? undefined : SLOW,
    crowds: [
      { ...common, name: PUBLISHERS, channels: [...busy, ...calm], witnesses: 0, producers },
      { ...common, name: BUSY, channels: busy, witnesses: few },
      ...(slow === 0 ? [] : [{ ...common, name: SLOW, channels: busy, witnesses: slow }]),
      ...shares.map(index => {
        const witnesses = shareOf(watching, processes, index);
        return { ...common, name: `calm${index + 1}`, channels: calm, witnesses };
      }),
    ],
  };
}

/**
 * Where the machine of the cluster is that of the clients as well, the crowd yields: it would have machines of its own elsewhere.
 * Those do not who publish, and whose gaps are measured: their stalls would be in what they show.
 */
export function nicenessOf({ name: crowd }: Pick<CrowdPlan, 'name'>): Niceness {
  return crowd === PUBLISHERS || crowd === BUSY ? 0 : YIELDING;
}

function calmChannels(clients: number, rate: number): number {
  if (clients === 0 || rate === 0) return 0;
  const forRate = Math.round(rate * (CALM_EVERY_MS / 1_000));
  return Math.max(1, Math.min(forRate, Math.floor(clients / CLIENTS_PER_CHANNEL_MIN)));
}

function name(run: string, kind: 'busy' | 'calm', count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `chat:${run}-${kind}-${index + 1}`);
}

/** One producer a channel, one after the other within the time between two of its publications. */
function planProducers(
  channels: readonly string[],
  {
    everyMs,
    textLength,
    numberedFrom = 0,
  }: { readonly everyMs: number; readonly textLength?: number | undefined; readonly numberedFrom?: number },
): readonly ProducerPlan[] {
  return channels.map((channel, index) => ({
    number: numberedFrom + index + 1,
    channel,
    everyMs,
    afterMs: (everyMs * index) / channels.length,
    ...(textLength !== undefined && { textLength }),
  }));
}

/** The n-th of `parts` shares of `total`; they differ by one at most. */
function shareOf(total: number, parts: number, n: number): number {
  return Math.floor(((n + 1) * total) / parts) - Math.floor((n * total) / parts);
}
