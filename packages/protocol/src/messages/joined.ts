import { type Decoder, literal, object } from '../decode.ts';
import { channel, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';
import { type Position, position } from '../position.ts';
import { type Resume, resume } from '../resume.ts';

/** Answer to `join`. The publications that the resume owes follow it at once, in order, then the live ones (SPEC C2). */
export type Joined = {
  readonly type: 'joined';
  readonly ref: Ref;
  readonly channel: ChannelName;
  /** Where the channel stands now; what is replayed ends here. */
  readonly position: Position;
  readonly resume: Resume;
};

export const joined: Decoder<Joined> = object({ type: literal('joined'), ref, channel, position, resume });
