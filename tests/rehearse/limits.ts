/** What each rehearsal must show on the three-node test cluster. Every figure with a limit is held to one of these. */
export const LIMITS = {
  deploy: { movesPerClientAndDeploy: 1, gapP99Ms: 250, latencyP99Ratio: 3 },
  'scale-out': { spreadPercent: 10, spreadWithinS: 60, movesPerClient: 1 },
  'scale-in': { notTheEmptiest: 0, notByThemselves: 0 },
  storm: {
    backS: 25,
    eventLoopLagP99Ms: 200,
    redisCommandsPerClient: 4,
    /** Of plain clients: the most that connected in a second, over the configured rate. */
    peakRatio: 1.5,
  },
  'node-loss': { resumedS: 40 },
  'broker-down': { disconnected: 0, caughtUpS: 5 },
  'slow-readers': { neighboursP99Ratio: 1.2, gatewayMemoryMiB: 384 },
} as const;

/** What no rehearsal may show, whatever is done to the cluster. */
export const NEVER = { lost: 0, duplicated: 0, reordered: 0, failedPublishes: 0 } as const;
