/** Width of a bucket: what is said of a latency is at most 2 % too low. */
const GROWTH = 1.02;

/** The bucket of a latency in milliseconds; negative ones, of clocks that differ, count as nought. */
export function bucketOf(latencyMs: number): number {
  return Math.floor(Math.log(1 + Math.max(0, latencyMs)) / Math.log(GROWTH));
}

/** The lowest latency of a bucket, in milliseconds. */
export function latencyOf(bucket: number): number {
  return GROWTH ** bucket - 1;
}

/** Counts by bucket. */
export type Histogram = ReadonlyMap<number, number>;

/** Adds counts to `into`. */
export function addBuckets(
  into: Map<number, number>,
  counts: Iterable<readonly [bucket: number, count: number]>,
): void {
  for (const [bucket, count] of counts) into.set(bucket, (into.get(bucket) ?? 0) + count);
}

/** The latency below which a share of what was counted lies, in milliseconds; nought where nothing was counted. */
export function quantileOf(histogram: Histogram, share: number): number {
  let total = 0;
  for (const count of histogram.values()) total += count;
  let below = 0;
  for (const [bucket, count] of [...histogram].toSorted(([one], [other]) => one - other)) {
    below += count;
    if (below >= total * share) return latencyOf(bucket);
  }
  return 0;
}
