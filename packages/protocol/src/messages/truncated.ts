import { type Decoder, literal, object } from '../decode.ts';
import { channel } from '../fields.ts';
import type { ChannelName } from '../ids.ts';
import { type Position, position } from '../position.ts';
import { type Resume, resume } from '../resume.ts';

/**
 * Tells a member that stayed connected that the channel's history changed under it, as a broker failover may do.
 * What the outcome owes follows at once, as after `joined` (SPEC C6).
 */
export type Truncated = {
  readonly type: 'truncated';
  readonly channel: ChannelName;
  readonly position: Position;
  readonly resume: Resume;
};

export const truncated: Decoder<Truncated> = object({
  type: literal('truncated'),
  channel,
  position,
  resume,
});
