/** Each bucket ends a tenth above where it begins. */
const WIDTH = 1.1;
/** How far out of its bucket a number must be before it counts as another one, so that it does not flap at an edge. */
const PLAY = 1.03;

/**
 * The deletion cost of a gateway with so many sessions: 0 without any, and one more for each tenth. `present` is what it is now: it stays
 * while the sessions are in that bucket, or just beside it. An int32 for any number of sessions.
 */
export function costOf(sessions: number, present: number | undefined): number {
  const exact = bucketOf(sessions);
  if (present === undefined) return exact;
  const isBeside = bucketOf(sessions / PLAY) <= present && present <= bucketOf(sessions * PLAY);
  return isBeside && sessions > 0 ? present : exact;
}

function bucketOf(sessions: number): number {
  return sessions < 1 ? 0 : 1 + Math.floor(Math.log(sessions) / Math.log(WIDTH));
}
