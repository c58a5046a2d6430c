import type { PresenceSet } from '@kittiwake/protocol';
import { permitted, type RequestContext } from '../request-context.ts';

/** Sets or, with `null`, takes away what the member shows of itself (SPEC E1). */
export async function handlePresenceSet(context: RequestContext, message: PresenceSet): Promise<void> {
  const { channel, data, ref } = message;
  const rule = permitted(context, 'presence', message);
  if (rule === undefined) return;
  if (!rule.presence) {
    context.fail({ kind: 'presence_off', message: 'this channel keeps no presence' }, message);
    return;
  }
  if (!context.memberships.has(channel)) {
    context.fail({ kind: 'not_joined', message: 'join the channel first' }, message);
    return;
  }
  const { presence } = context.deps;
  const set =
    data === null
      ? await presence.remove(channel, context.id)
      : await presence.set(channel, { member: context.id, user: context.identity.user, data }, context);
  if (!context.alive()) {
    context.memberships.forget(channel, context.id);
    return;
  }
  if (set.ok) context.send({ type: 'ack', ref, channel, level: 'primary' });
  else context.fail(set.error, message);
}
