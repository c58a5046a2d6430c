/** How the broker stands. `degraded` keeps clients and refuses publishes with a delay. */
export type BrokerStatus =
  | { readonly phase: 'starting' }
  | { readonly phase: 'ready'; readonly epoch: string }
  | { readonly phase: 'degraded'; readonly reason: string }
  | { readonly phase: 'stopped' };
