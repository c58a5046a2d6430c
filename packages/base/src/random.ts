/** Randomness as a dependency, for the same reason as the clock. */

/** A source of uniform numbers and of identifiers nobody can guess. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** `bytes` random bytes as lower-case hexadecimal; unguessable in production. */
  hex(bytes: number): string;
};

/** The platform's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  hex(bytes) {
    const values = crypto.getRandomValues(new Uint8Array(bytes));
    return Array.from(values, byte => byte.toString(16).padStart(2, '0')).join('');
  },
};

/** A uniform integer in [0, `below`). */
export function randomInt(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}
