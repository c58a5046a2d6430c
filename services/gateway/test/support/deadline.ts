import { systemClock } from '@kittiwake/base';

/** What a test waits for comes within this time, or the test fails and says what it waited for. */
const DEADLINE_MS = 5_000;

/** The value of `promise`, or a failure that names `what` once the deadline is over. */
export async function within<T>(
  promise: Promise<T>,
  what: () => string,
  deadlineMs: number = DEADLINE_MS,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = systemClock.after(deadlineMs, () =>
    reject(new Error(`not within ${deadlineMs} ms: ${what()}`)),
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.cancel();
  }
}
