/** Takes what a listener throws; a listener can never break the SDK. */
export type ListenerFailed = (reason: unknown) => void;

/** Calls listeners by the name of what happened. `Events` maps names to what the listener is given. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();
  readonly #failed: ListenerFailed;

  constructor(failed: ListenerFailed) {
    this.#failed = failed;
  }

  /** Adds a listener; the function that is returned takes it away again. */
  on<N extends keyof Events>(name: N, listener: (value: Events[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // Wrapped, so that the same function may be added twice and taken away once.
    const entry = (value: Events[N]): void => listener(value);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Calls the listeners of `name` in the order in which they were added. */
  emit<N extends keyof Events>(name: N, value: Events[N]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    for (const listener of [...listeners] as ((value: Events[N]) => void)[]) {
      try {
        listener(value);
      } catch (reason) {
        this.#failed(reason);
      }
    }
  }
}

/** Reports as the platform reports an uncaught error, without ending anything. */
export const reportListenerFailure: ListenerFailed = reason => {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(reason);
  else console.error(reason);
};
