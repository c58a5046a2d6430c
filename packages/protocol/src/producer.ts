import { type Decoder, integer, object, text } from './decode.ts';

/**
 * Who publishes, and the number of the publish (SPEC P8): within one channel, publishes of one `epoch` of a producer have
 * rising numbers, and a number belongs to one publish for ever. A higher epoch is the producer's next life and begins
 * anew; the one before is fenced then.
 */
export type Producer = {
  readonly id: string;
  readonly epoch: number;
  readonly sequence: number;
  /**
   * The number that was stored before this one, 0 for none: numbers between the two are skipped. Absent: the number
   * before this one, and where nothing of the epoch is known it may begin it (SPEC P9).
   */
  readonly follows?: number;
};

export const producer: Decoder<Producer> = object(
  {
    id: text({ bytesMax: 64, pattern: /^[A-Za-z0-9_.-]{1,64}$/ }),
    epoch: integer({ min: 0 }),
    sequence: integer({ min: 1 }),
  },
  { follows: integer({ min: 0 }) },
);
