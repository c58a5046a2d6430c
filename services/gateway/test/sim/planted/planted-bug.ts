import type { Invariant } from '../check/violation.ts';

/** A mistake that somebody could make: a change of one place of the real code, made when it is loaded. */
export type PlantedBug = {
  readonly name: string;
  /** The source file, from the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What the mistake is. */
  readonly why: string;
  /** What it breaks; another invariant may notice it first. */
  readonly breaks: Invariant;
};
