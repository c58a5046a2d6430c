import type { Algorithm } from './algorithms.ts';

/** Where public keys come from, as the verifier asks for them. */
export type KeySource = {
  /**
   * The keys that are pinned to `algorithm` and have this `kid` (all of them where there is none), few at most; none
   * where nothing is known. Never throws.
   */
  find(algorithm: Algorithm, kid: string | undefined): Promise<readonly CryptoKey[]>;
  /** Changes whenever a key was added or taken away: what was verified before must be verified again. */
  generation(): number;
};
