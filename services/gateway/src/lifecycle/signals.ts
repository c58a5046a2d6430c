/** Where signals come from; `process` in production. */
export type SignalSource = {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
};

/** What signals ask for. */
export type SignalActions = {
  /** The first SIGTERM or SIGINT: leave in good order. */
  drain(): void;
  /** The second one: leave at once. Further ones change nothing. */
  now(): void;
};

/** Listens for SIGTERM and SIGINT. The function it returns stops listening. */
export function listenForSignals(source: SignalSource, actions: SignalActions): () => void {
  let seen = 0;
  const listener = (): void => {
    seen += 1;
    if (seen === 1) actions.drain();
    if (seen === 2) actions.now();
  };
  source.on('SIGTERM', listener);
  source.on('SIGINT', listener);
  return () => {
    source.off('SIGTERM', listener);
    source.off('SIGINT', listener);
  };
}
