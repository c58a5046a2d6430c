import type { Leave } from '@kittiwake/protocol';
import type { RequestContext } from '../request-context.ts';

/** Ends a membership; answers `left`, after which nothing of the channel follows. */
export async function handleLeave(context: RequestContext, { channel, ref }: Leave): Promise<void> {
  if (!context.memberships.end(channel)) {
    context.fail({ kind: 'not_joined', message: 'this session is not in the channel' }, { channel, ref });
    return;
  }
  context.send({ type: 'left', ref, channel });
  await context.deps.presence.remove(channel, context.id);
}
