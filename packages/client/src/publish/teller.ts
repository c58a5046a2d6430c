import type { KeyedPublish } from './encode-publish.ts';
import type { Settled } from './publish-events.ts';
import type { PublishOutcome } from './publish-outcome.ts';

/** Takes how a publish ended. */
export type Tell = (outcome: PublishOutcome) => void;

/** Tells the caller of a publish first, where there is one, and everybody what comes to light after that. */
export function teller(
  tellAll: (settled: Settled) => void,
  { channel, event, data }: KeyedPublish,
  caller?: Tell,
): Tell {
  let waiting = caller;
  return outcome => {
    if (waiting === undefined) tellAll({ channel, event, data, outcome });
    else waiting(outcome);
    waiting = undefined;
  };
}
