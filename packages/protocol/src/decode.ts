import { err, ok, type Result } from '../../base/src/result.ts';
import { isLongerThan } from './utf8-length.ts';

/**
 * Small parsers that turn a parsed value of unknown shape into a typed one. They never throw; a failure names the path.
 * Unknown fields are ignored, so that an older peer understands a newer one (SPEC M2).
 */

/** Where and why a value is not what it should be; `path` is empty for the value itself, else like `position.offset`. */
export type DecodeFailure = { readonly path: string; readonly problem: string };

/** Parses `value`; where a part of it fails, the path is put together on the way out. */
export type Decoder<T> = (value: unknown) => Result<T, DecodeFailure>;

/** The type that a decoder yields. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

type Fields = { readonly [name: string]: Decoder<unknown> };
type Shape<R extends Fields, O extends Fields> = { readonly [K in keyof R]: Decoded<R[K]> } & {
  readonly [K in keyof O]?: Decoded<O[K]>;
};

/** An object with the `required` fields, and the `optional` ones where present. */
export function object<R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Decoder<Shape<R, O>> {
  const fields = [...fieldsOf(required, true), ...fieldsOf(optional ?? {}, false)];
  return value => {
    if (!isPlainObject(value)) return fail('must be an object');
    const out: Record<string, unknown> = {};
    for (const { name, decoder, isRequired } of fields) {
      const given = value[name];
      if (given === undefined || !Object.hasOwn(value, name)) {
        if (isRequired) return err({ path: name, problem: 'is missing' });
        continue;
      }
      const decoded = decoder(given);
      if (!decoded.ok) return err(within(name, decoded.error));
      out[name] = decoded.value;
    }
    return ok(out as Shape<R, O>);
  };
}

/** Exactly this string, number or boolean. */
export function literal<const T extends string | number | boolean>(expected: T): Decoder<T> {
  return value => (value === expected ? ok(expected) : fail(`must be ${JSON.stringify(expected)}`));
}

/** One of these strings. */
export function oneOf<const T extends string>(choices: readonly T[]): Decoder<T> {
  return value =>
    choices.includes(value as T) ? ok(value as T) : fail(`must be one of ${choices.join(', ')}`);
}

/** A string of at most `bytesMax` UTF-8 bytes that matches `pattern`, where given. */
export function text(bounds: { readonly bytesMax: number; readonly pattern?: RegExp }): Decoder<string> {
  return value => {
    if (typeof value !== 'string') return fail('must be a string');
    if (isLongerThan(value, bounds.bytesMax)) return fail(`must be at most ${bounds.bytesMax} bytes`);
    if (bounds.pattern !== undefined && !bounds.pattern.test(value))
      return fail('has characters that are not allowed');
    return ok(value);
  };
}

/** A string of at most `bytesMax` bytes that `guard` accepts; `what` says what it must be. */
export function guarded<T extends string>(guard: (text: string) => text is T, what: string): Decoder<T> {
  return value => (typeof value === 'string' && guard(value) ? ok(value) : fail(`must be ${what}`));
}

/** A safe integer within the bounds, both inclusive. */
export function integer(bounds: { readonly min: number; readonly max?: number }): Decoder<number> {
  const max = bounds.max ?? Number.MAX_SAFE_INTEGER;
  return value =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= bounds.min && value <= max
      ? ok(value)
      : fail(`must be an integer from ${bounds.min} to ${max}`);
}

/** `true` or `false`. */
export const boolean: Decoder<boolean> = value =>
  typeof value === 'boolean' ? ok(value) : fail('must be true or false');

/** An array of at most `lengthMax` elements. */
export function array<T>(element: Decoder<T>, lengthMax: number): Decoder<readonly T[]> {
  return value => {
    if (!Array.isArray(value)) return fail('must be an array');
    if (value.length > lengthMax) return fail(`must have at most ${lengthMax} elements`);
    const out: T[] = [];
    for (const [index, item] of value.entries()) {
      const decoded = element(item);
      if (!decoded.ok) return err(within(`[${index}]`, decoded.error));
      out.push(decoded.value);
    }
    return ok(out);
  };
}

/** An object whose field `tag` says which of the decoders reads it. */
export function tagged<M extends { readonly [tag: string]: Decoder<unknown> }>(
  tag: string,
  members: M,
): Decoder<Decoded<M[keyof M]>> {
  return value => {
    if (!isPlainObject(value)) return fail('must be an object');
    const name = value[tag];
    if (typeof name !== 'string') return err({ path: tag, problem: 'must be a string' });
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined)
      return err({ path: tag, problem: `must be one of ${Object.keys(members).join(', ')}` });
    return member(value) as Result<Decoded<M[keyof M]>, DecodeFailure>;
  };
}

/** Whether `value` is an object with named fields. */
export function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Field = { readonly name: string; readonly decoder: Decoder<unknown>; readonly isRequired: boolean };

function fieldsOf(decoders: Fields, isRequired: boolean): readonly Field[] {
  return Object.entries(decoders).map(([name, decoder]) => ({ name, decoder, isRequired }));
}

function fail(problem: string): Result<never, DecodeFailure> {
  return err({ path: '', problem });
}

/** The failure of a part, as seen from the whole. */
function within(part: string, { path, problem }: DecodeFailure): DecodeFailure {
  const separator = path === '' || path.startsWith('[') ? '' : '.';
  return { path: `${part}${separator}${path}`, problem };
}
