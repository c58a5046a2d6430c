import type { ChannelName, Join, Json, Ref } from '@kittiwake/protocol';
import type { ResumePoint } from './resume.ts';

/** The `join` of whoever holds everything up to `point`, and shows `shown` from the first moment (SPEC C1, C4, C10). */
export function joinMessage(
  { ref, channel }: { readonly ref: Ref; readonly channel: ChannelName },
  point: ResumePoint | undefined,
  shown: Json | undefined,
): Join {
  const { position, chain = [] } = point ?? {};
  return {
    type: 'join',
    ref,
    channel,
    ...(position === undefined ? {} : { position }),
    ...(chain.length === 0 ? {} : { chain }),
    ...(shown === undefined ? {} : { presence: shown }),
  };
}
