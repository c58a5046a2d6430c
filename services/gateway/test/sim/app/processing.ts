import { type Clock, delay, type Random } from '@kittiwake/base';
import type { AnyEvents, Channel, HistoryChange, ResumePoint } from '@kittiwake/client';
import type { Position } from '@kittiwake/protocol';

/** A publication as an application gets it. */
export type Seen = { readonly position: Position; readonly data: unknown };

/** Where deliveries go once they are committed, together with the place that they lead to. */
export type Committed = {
  publication(publication: Seen, place?: ResumePoint): void;
  changed(change: HistoryChange, place?: ResumePoint): void;
};

/** What processing needs. */
export type ProcessingParts = {
  readonly channel: Channel<AnyEvents>;
  readonly committed: Committed;
  readonly clock: Clock;
  readonly random: Random;
};

/** So few that bursts do not fit. */
const BOUNDS = { messagesMax: 4 };
const WORK_MS_MAX = 40;
const FAILS = 0.02;
const AGAIN_MS = 500;

/**
 * Commits what a channel delivers one by one, each after a while and with its place; now and then it fails, and tries
 * again. What is returned goes on after the channel was left; where the handler still works, once it is done.
 */
export function process({ channel, committed, clock, random }: ProcessingParts): () => void {
  let [isRunning, isWanted] = [false, false];
  const run = (): void => {
    isWanted = isRunning;
    if (isRunning) return;
    isRunning = true;
    const ended = channel.process(async (delivery, place) => {
      await delay(clock, random.next() * WORK_MS_MAX);
      if (random.next() < FAILS) throw new Error('the database is away');
      if (delivery.type === 'publication') committed.publication(delivery.publication, place);
      else committed.changed(delivery.change, place);
    }, BOUNDS);
    void ended.then(outcome => {
      isRunning = false;
      if (isWanted) run();
      else if (!outcome.ok && outcome.error.kind === 'handler_failed') clock.after(AGAIN_MS, run);
    });
  };
  return run;
}
