/**
 * Assertions for what must be true unless our own code is wrong. Expected failures are a `Result`, never an assertion.
 * Who catches an `AssertionError` is ADR-0001: a session closes; hub, broker and lifecycle drain and exit.
 */

/** A broken belief of our own code. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws `AssertionError` unless `condition` holds; `message` says what was believed. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Closes a `switch` over a union: a member that is not handled is a type error, and throws at run time. */
export function assertNever(value: never): never {
  throw new AssertionError(`unhandled member of a union: ${String(value)}`);
}

/** Returns `value`, or throws `AssertionError` where it is `null` or `undefined`. */
export function assertExists<T>(value: T, message: string): NonNullable<T> {
  assert(value !== null && value !== undefined, message);
  return value as NonNullable<T>;
}
