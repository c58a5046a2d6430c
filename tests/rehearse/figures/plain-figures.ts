import type { Figure } from '../../drill/report/promises.ts';
import { LIMITS } from '../limits.ts';
import { limited, limitedIn, limitedSeconds } from './limited.ts';
import { busiestSecond } from './link-figures.ts';

/** What became of clients of another kind in a storm. Times are milliseconds since 1970. */
export type PlainReturn = {
  readonly clients: number;
  readonly missing: number;
  readonly killedAtMs: number;
  /** Each connect of a plain client after that. */
  readonly plainAtMs: readonly number[];
  /** The same of ours: they come through the same door. */
  readonly oursAtMs: readonly number[];
  /** Sessions that all gateways together let in per second, as they are configured. */
  readonly ratePerSecond: number;
};

/** Whether they are all back, and how much of a stampede everybody together made. */
export function plainFigures(come: PlainReturn): readonly Figure[] {
  const { clients, missing, killedAtMs, plainAtMs, oursAtMs, ratePerSecond } = come;
  const peak = busiestSecond([...plainAtMs, ...oursAtMs]);
  const last = Math.max(killedAtMs, ...plainAtMs);
  return [
    { what: 'plain clients (ws with reconnecting-websocket)', value: clients },
    limited('… that did not come back', missing, 0),
    limitedSeconds('… the last one was back after', last - killedAtMs),
    limitedIn('/s', 'sessions that began in a second, of all clients, most', { value: peak }),
    limitedIn('×', '… over the configured rate', {
      value: peak / Math.max(1, ratePerSecond),
      atMost: LIMITS.storm.peakRatio,
    }),
  ];
}
