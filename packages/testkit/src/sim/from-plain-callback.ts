/**
 * Does `work` from a plain callback, where a `SimLoop` may run: within a promise job promises cannot be settled by hand
 * (`drain-promises.ts`). Settles as the work does.
 */
export function fromPlainCallback<T>(work: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(work());
      } catch (reason) {
        reject(reason);
      }
    });
  });
}
