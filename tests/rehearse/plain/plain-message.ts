/** What a process of plain clients is told to do, once. */
export type PlainPlan = {
  readonly url: string;
  readonly clients: number;
  /** Connects begun per second, at first; later everybody comes back when they like. */
  readonly pacePerSecond: number;
  readonly signingKey: string;
};

/** A plain client that a gateway has welcomed, or that lost its connection. Time in milliseconds since 1970. */
export type PlainEvent = {
  readonly what: 'connected' | 'lost';
  readonly client: number;
  readonly atMs: number;
};
