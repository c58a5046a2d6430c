/** One objective: the ratio of good events over a window. Latency objectives count an event as good within `thresholdSeconds`. */
export type Slo = {
  /** Ratio of events that must be good, below 1. */
  readonly objective: number;
  readonly windowDays: number;
  readonly title: string;
  readonly thresholdSeconds?: number;
};

/** The one table of service-level objectives: alerts, dashboards and k6 thresholds are made from it. */
export const SLOS = {
  /** Publications delivered within `thresholdSeconds`, per profile of use. */
  chatLatency: {
    objective: 0.99,
    thresholdSeconds: 0.1,
    windowDays: 30,
    title: 'Chat: publish to deliver under 100 ms',
  },
  gamingLatency: {
    objective: 0.95,
    thresholdSeconds: 0.05,
    windowDays: 30,
    title: 'Games: publish to deliver under 50 ms',
  },
  publishAvailability: { objective: 0.999, windowDays: 30, title: 'Publishes acknowledged' },
  connectAvailability: { objective: 0.999, windowDays: 30, title: 'Handshakes accepted' },
} as const satisfies { readonly [name: string]: Slo };
