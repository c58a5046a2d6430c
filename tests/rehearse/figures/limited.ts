import type { Figure } from '../../drill/report/promises.ts';

/** A count with a limit, where there is one. */
export function limited(what: string, value: number, atMost?: number): Figure {
  return { what, value, ...(atMost !== undefined && { atMost }) };
}

/** The same with a unit. */
export function limitedIn(
  unit: string,
  what: string,
  { value, atMost }: { readonly value: number; readonly atMost?: number },
): Figure {
  return { ...limited(what, Math.round(100 * value) / 100, atMost), unit };
}

/** A time in seconds, to a tenth, with a limit, where there is one. */
export function limitedSeconds(what: string, ms = 0, atMost?: number): Figure {
  return { ...limited(what, Math.round(ms / 100) / 10, atMost), unit: 's' };
}
