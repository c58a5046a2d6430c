import type { Random } from '@kittiwake/base';
import type { PipeTrouble } from '@kittiwake/testkit';
import type { Frame } from '../../../src/transport/peer-handler.ts';

/** Chances, per frame of a publication, that something on the way repeats it or swaps it with its neighbour. */
export type Meddling = { readonly duplicate: number; readonly swap: number };

const PUBLICATION = Buffer.from('{"type":"publication"');
const NOTHING: Meddling = { duplicate: 0, swap: 0 };

/**
 * What lies between a client and the cluster at the moment. TCP neither repeats nor reorders; a proxy that joins two
 * streams might, and the SDK promises to survive it for publications (SPEC K7, K10), so only they are meddled with.
 */
export class LineState {
  readonly #random: Random;
  /** The client's machine reads nothing. */
  stalled = false;
  /** What each message takes longer than usual. */
  delayMs = 0;
  meddling: Meddling = NOTHING;

  constructor(random: Random) {
    this.#random = random;
  }

  get trouble(): PipeTrouble {
    return { duplicate: 0, reorder: 0, delayMs: this.delayMs };
  }

  /** The frames of one write as they arrive. */
  meddle(frames: readonly Frame[]): readonly Frame[] {
    const { duplicate, swap } = this.meddling;
    if (duplicate === 0 && swap === 0) return frames;
    const arriving: Frame[] = [];
    for (const frame of frames) {
      arriving.push(frame);
      if (!isPublication(frame)) continue;
      if (this.#random.next() < duplicate) arriving.push(frame);
      const neighbour = arriving.at(-2);
      if (neighbour !== undefined && isPublication(neighbour) && this.#random.next() < swap)
        arriving.push(...arriving.splice(-2, 2).reverse());
    }
    return arriving;
  }
}

function isPublication({ payload }: Frame): boolean {
  return payload.subarray(0, PUBLICATION.length).equals(PUBLICATION);
}
