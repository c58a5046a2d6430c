/** What an operation that may fail as expected returns: failures are values, never exceptions. */

/** A success that carries `value`. */
export type Ok<T> = { readonly ok: true; readonly value: T };

/** An expected failure that carries `error`. */
export type Err<E> = { readonly ok: false; readonly error: E };

/** Either of both. */
export type Result<T, E> = Ok<T> | Err<E>;

/** Makes a success. */
export function ok(): Ok<void>;
export function ok<T>(value: T): Ok<T>;
export function ok<T>(value?: T): Ok<T | undefined> {
  return { ok: true, value };
}

/** Makes an expected failure. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
