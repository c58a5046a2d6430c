import type { Frame } from '../../../src/transport/peer-handler.ts';

const texts = new WeakMap<Frame, string>();

/** The text of a frame, read once however many get it. */
export function textOf(frame: Frame): string {
  const known = texts.get(frame);
  if (known !== undefined) return known;
  const text = frame.payload.toString();
  texts.set(frame, text);
  return text;
}
