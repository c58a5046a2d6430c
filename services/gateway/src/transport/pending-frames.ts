import type { Bytes } from '@kittiwake/base';
import { framed } from './frame.ts';
import type { Frame } from './peer-handler.ts';

const NOTHING = Buffer.alloc(0);

/**
 * The frames that wait for a peer, in order: an immutable list that grows by `with`. Peers that began with the same empty
 * list and got the same frames hold the same object, so what they get is concatenated once for all of them (rule T5).
 * Adding is O(1): a list remembers the one that the last frame led to, which in a fan-out is the one that is asked for.
 */
export class PendingFrames {
  readonly frames: number;
  readonly bytes: Bytes;
  readonly #before: PendingFrames | undefined;
  readonly #last: Buffer;
  #whole: Buffer | undefined;
  #nextFrame: Frame | undefined;
  #next: PendingFrames | undefined;
  #others: Map<Frame, PendingFrames> | undefined;

  private constructor(before: PendingFrames | undefined, last: Buffer) {
    this.#before = before;
    this.#last = last;
    this.frames = before === undefined ? 0 : before.frames + 1;
    this.bytes = before === undefined ? 0 : before.bytes + last.length;
  }

  /** A list of nothing; lists are shared only among peers that began with the same one. */
  static empty(): PendingFrames {
    return new PendingFrames(undefined, NOTHING);
  }

  /** This list and one more frame. */
  with(frame: Frame): PendingFrames {
    if (this.#next !== undefined && this.#nextFrame === frame) return this.#next;
    const known = this.#others?.get(frame);
    if (known !== undefined) return known;
    const next = new PendingFrames(this, framed(frame));
    if (this.#next === undefined) {
      this.#next = next;
      this.#nextFrame = frame;
    } else {
      this.#others ??= new Map();
      this.#others.set(frame, next);
    }
    return next;
  }

  /** All frames as one buffer, made once. */
  whole(): Buffer {
    this.#whole ??= this.frames === 1 ? this.#last : this.#concatenated();
    return this.#whole;
  }

  #concatenated(): Buffer {
    const whole = Buffer.allocUnsafe(this.bytes);
    let end = whole.length;
    for (let list: PendingFrames | undefined = this; list !== undefined; list = list.#before) {
      end -= list.#last.length;
      list.#last.copy(whole, end);
    }
    return whole;
  }
}
