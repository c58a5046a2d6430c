import { type Decoder, integer, object, text } from './decode.ts';

/**
 * Where in a channel's history a publication stands: the `offset`-th entry (from 1; 0 before the first) of the history
 * that `epoch` names. Offsets of different epochs cannot be compared without the channel's chain of epochs.
 */
export type Position = { readonly offset: number; readonly epoch: string };

/** The name of a history. */
export const epoch: Decoder<string> = text({ bytesMax: 64, pattern: /^[A-Za-z0-9_-]{1,64}$/ });

export const position: Decoder<Position> = object({ offset: integer({ min: 0 }), epoch });
