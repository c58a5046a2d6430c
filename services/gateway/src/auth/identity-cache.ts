import { hash } from 'node:crypto';
import type { Identity } from './identity.ts';

/**
 * Remembers who verified tokens speak for, by the token's SHA-256, so that a client which comes back with the same token
 * costs microseconds. Bounded; the oldest entry is forgotten first. Holds no token.
 */
export class IdentityCache {
  readonly #entries = new Map<string, { readonly identity: Identity; readonly generation: number }>();
  readonly #sizeMax: number;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** The identity of a token that was verified with the keys of this `generation`. */
  get(token: string, generation: number): Identity | undefined {
    const entry = this.#entries.get(keyOf(token));
    return entry?.generation === generation ? entry.identity : undefined;
  }

  set(token: string, identity: Identity, generation: number): void {
    if (this.#entries.size >= this.#sizeMax) this.#forgetOldest();
    this.#entries.set(keyOf(token), { identity, generation });
  }

  get size(): number {
    return this.#entries.size;
  }

  #forgetOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
