/** A promise with its two ends outside. */
export type Deferred<T> = {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
};

/** Makes a promise that somebody else settles. */
export function deferred<T>(): Deferred<T> {
  return Promise.withResolvers<T>();
}
