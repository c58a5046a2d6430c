import type { Random } from '@kittiwake/base';

/** Odd, so that streams of neighbouring names lie far apart. */
const STREAM = 0x9e37_79b1;

/**
 * Randomness of one part of the world, made of the seed and the part's name: what one part draws does not change what
 * another one does, so that a smaller workload leaves the faults as they were. Fast, and nothing to keep a secret with.
 */
export function simRandom(seed: number, name: string): Random {
  let state = (seed ^ hashOf(name)) >>> 0;
  const next32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    next: () => next32() / 2 ** 32,
    hex(bytes) {
      let text = '';
      for (let made = 0; made < bytes; made += 4) text += (next32() + 2 ** 32).toString(16).slice(1);
      return text.slice(0, 2 * bytes);
    },
  };
}

/** One of `choices`, uniformly. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random.next() * choices.length)] as T;
}

/** Uniform in [`min`, `max`). */
export function between(random: Random, min: number, max: number): number {
  return min + random.next() * (max - min);
}

function hashOf(name: string): number {
  let hash = STREAM;
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), STREAM) ^ (hash >>> 15);
  return hash >>> 0;
}
