/** What the SDK dropped or repaired, counted since the client was made. */
export type Counters = {
  /** Answers to a ref that nobody waits for any more (SPEC K7). */
  staleAnswers: number;
  /** Publications that were seen before (SPEC K7). */
  duplicates: number;
  /** Times that a publication was missing and the channel was joined again from its position (SPEC K10). */
  gaps: number;
  /** Messages for a channel of which this client is no member (any more). */
  strays: number;
  /** Data that was no message of this protocol version. */
  unreadable: number;
};

/** All at zero. */
export function newCounters(): Counters {
  return { staleAnswers: 0, duplicates: 0, gaps: 0, strays: 0, unreadable: 0 };
}
