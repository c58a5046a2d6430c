import type { Frame } from '../../../src/transport/peer-handler.ts';

const TEXT = Symbol('the text of a frame');

/** The text of a frame, read once however many get it. */
export function textOf(frame: Frame & { [TEXT]?: string }): string {
  // Kept on the frame: a weak map as large as what is under way would be gone through at every collection.
  frame[TEXT] ??= frame.payload.toString();
  return frame[TEXT];
}
