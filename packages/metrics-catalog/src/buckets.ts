/** Bucket bounds, in seconds. The latency ones hold the SLO thresholds 0.05 (games) and 0.1 (chat) exactly. */
export const LATENCY_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** Durations that people wait for: handshakes, resumes, drains. */
export const WAIT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;

/** How long connections live. */
export const LIFETIME_SECONDS = [1, 10, 60, 300, 900, 3_600, 14_400, 43_200, 86_400] as const;

/** Sizes of fan-outs, in members. */
export const MEMBERS = [0, 1, 10, 100, 1_000, 10_000, 100_000] as const;
