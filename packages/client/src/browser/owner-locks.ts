/**
 * Which clients live, told by Web Locks: a client holds the lock of its own name until it closes, or its page is gone. Where
 * the browser has no Web Locks (before 2022, or a page that is not secure) nobody can be seen alive.
 */

/** Holds the lock of `name`; the function that is returned lets go. */
export async function holdLock(name: string): Promise<() => void> {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined) return release;
  void locks
    .request(name, () => {
      take();
      return held;
    })
    .catch(() => take());
  await taken;
  return release;
}

/** Runs `work` while nobody holds the lock of `name`; does not, and says so, where somebody does. */
export async function ifUnheld(name: string, work: () => Promise<void>): Promise<boolean> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (locks === undefined) {
    await work();
    return true;
  }
  return locks.request(name, { ifAvailable: true }, async lock => {
    if (lock !== null) await work();
    return lock !== null;
  });
}
