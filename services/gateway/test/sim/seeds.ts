/** Seeds that found something, and what: they are lived through again with every test run. */
export const PINNED_SEEDS: readonly { readonly seed: number; readonly found: string }[] = [
  {
    seed: 16,
    found: 'a gateway that hung took a presence entry back from the one that its client had moved to',
  },
  { seed: 77, found: 'a primary that hung, and wrote on with a replica that had not heard of its successor' },
  { seed: 99, found: 'a presence update that a failover lost was never shown again' },
  { seed: 103, found: 'a numbered publish that ended as unknown, was settled, and was asked for again' },
  {
    seed: 287,
    found: 'the entry of a lingering member was put back after a flush, over that of its new gateway',
  },
  { seed: 1968, found: 'a welcome that overflowed its outbox left a ghost in the hub' },
  {
    seed: 2074,
    found: 'three pauses of primaries in a row: the tier takes longer to recover than the calm lasts',
  },
  { seed: 2437, found: 'a restarted primary without replicas refused to have presence restored' },
  { seed: 3097, found: 'a connect that arrived after a later one closed its client for good' },
  { seed: 3381, found: 'a repair that ended the last member of a channel went live on a closed channel' },
  { seed: 11_187, found: 'what was shown while a join was on its way was not shown' },
  {
    seed: 23_717,
    found: 'an acknowledged publish was lost, too long ago to be published again, and nothing was said',
  },
  {
    seed: 101_416,
    found:
      'a key outlived the history of its publication, and was published and acknowledged again without an end',
  },
];
