import type { Bytes } from './brand.ts';

/** How much may be kept. */
export type QuotaBounds = { readonly recordsMax: number; readonly bytesMax: Bytes };

/** Counts what is kept under ids, within bounds of count and bytes. */
export class Quota {
  readonly #bounds: QuotaBounds;
  readonly #sizes = new Map<string, Bytes>();
  #bytes: Bytes = 0;

  constructor(bounds: QuotaBounds) {
    this.#bounds = bounds;
  }

  get records(): number {
    return this.#sizes.size;
  }

  get bytes(): Bytes {
    return this.#bytes;
  }

  /** Counts what is there already, whether it fits or not; in place of what had the same id. */
  set(id: string, bytes: Bytes): void {
    this.delete(id);
    this.#sizes.set(id, bytes);
    this.#bytes += bytes;
  }

  /** Counts one more, in place of what had the same id; false, and nothing changes, where it does not fit. */
  take(id: string, bytes: Bytes): boolean {
    const { recordsMax, bytesMax } = this.#bounds;
    const former = this.#sizes.get(id);
    const records = this.#sizes.size + (former === undefined ? 1 : 0);
    if (records > recordsMax || this.#bytes - (former ?? 0) + bytes > bytesMax) return false;
    this.set(id, bytes);
    return true;
  }

  /** Counts it no more; false where it was not counted. */
  delete(id: string): boolean {
    this.#bytes -= this.#sizes.get(id) ?? 0;
    return this.#sizes.delete(id);
  }
}
