import { addBuckets, type Histogram } from '../../drill/checker/latency-buckets.ts';
import type { Line, PublishLine } from '../../drill/checker/log-lines.ts';
import type { LinkLine, WindowLine } from '../../drill/checker/pulse-lines.ts';

/** One second of all processes together. */
export type Second = {
  dials: number;
  deliveries: number;
  stallMs: number;
  readonly latency: Map<number, number>;
};

/** A stretch of time; milliseconds since 1970. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** What clients wrote down of when things came, put together for figures and plots. */
export class Evidence {
  readonly #seconds = new Map<number, Second>();
  readonly #links: LinkLine[] = [];
  readonly #windows: WindowLine[] = [];
  readonly #publishes: PublishLine[] = [];

  get seconds(): ReadonlyMap<number, Second> {
    return this.#seconds;
  }

  /** Connections, moves and outages, not in order across processes. */
  get links(): readonly LinkLine[] {
    return this.#links;
  }

  get windows(): readonly WindowLine[] {
    return this.#windows;
  }

  /** How each publish ended. */
  get publishes(): readonly PublishLine[] {
    return this.#publishes;
  }

  /** Takes what is about time, and passes over the rest. */
  take(line: Line): void {
    switch (line.type) {
      case 'link':
        this.#links.push(line);
        return;
      case 'window':
        this.#windows.push(line);
        return;
      case 'publish':
        this.#publishes.push(line);
        return;
      case 'second': {
        const empty: Second = { dials: 0, deliveries: 0, stallMs: 0, latency: new Map() };
        const second = this.#seconds.get(line.second) ?? empty;
        second.dials += line.dials;
        second.deliveries += line.deliveries;
        second.stallMs = Math.max(second.stallMs, line.stallMs);
        addBuckets(second.latency, line.latency);
        this.#seconds.set(line.second, second);
        return;
      }
      default:
        return;
    }
  }

  /** Latencies of all deliveries of the seconds that begin within the spans. */
  latencyIn(spans: readonly Span[]): Histogram {
    const sum = new Map<number, number>();
    for (const [second, { latency }] of this.#seconds)
      if (isWithin(second * 1_000, spans)) addBuckets(sum, latency);
    return sum;
  }

  linksIn(spans: readonly Span[]): readonly LinkLine[] {
    return this.#links.filter(({ atMs }) => isWithin(atMs, spans));
  }
}

/** Whether a moment lies in one of the spans. */
export function isWithin(atMs: number, spans: readonly Span[]): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
}
