import type { Join } from '@kittiwake/protocol';
import { permitted, type RequestContext } from '../request-context.ts';

/** Makes the session a member; answers `joined`, then what the resume owes, then who is here (SPEC C1–C4, C10, E2). */
export async function handleJoin(context: RequestContext, message: Join): Promise<void> {
  const { channel, ref } = message;
  const rule = permitted(context, 'join', message);
  if (rule === undefined) return;
  if (context.memberships.has(channel)) {
    context.fail({ kind: 'already_joined', message: 'this session is in the channel' }, message);
    return;
  }
  if (context.memberships.size >= context.deps.settings.channelsMax) {
    context.fail(
      { kind: 'too_many_channels', message: `at most ${context.deps.settings.channelsMax} channels` },
      message,
    );
    return;
  }
  const member = context.memberOf(channel, rule);
  context.memberships.add(channel, member);
  const joined = await context.deps.hub.join(channel, member, {
    rule,
    position: message.position,
    chain: message.chain,
    wanted: context.alive,
    welcome: ({ resume, position, replay }) => {
      context.deps.metrics.count('kittiwake_resumes_total', 1, { outcome: resume.outcome });
      context.deps.metrics.count('kittiwake_replayed_publications_total', replay.length);
      context.send({ type: 'joined', ref, channel, position, resume });
      member.replay(replay, position.offset);
    },
  });
  if (!joined.ok) {
    context.memberships.end(channel);
    context.fail(joined.error, message);
    return;
  }
  if (member.seesPresence) await showPresence(context, message);
}

async function showPresence(context: RequestContext, { channel, presence }: Join): Promise<void> {
  const local = context.deps.hub.find(channel);
  if (local === undefined || !context.alive()) return;
  const entries = await context.deps.presence.entries(local);
  if (!context.alive() || !context.memberships.has(channel)) return;
  if (entries.ok) context.send({ type: 'presence-sync', channel, members: entries.value });
  if (presence === undefined || presence === null) return;
  const entry = { member: context.id, user: context.identity.user, data: presence };
  const set = await context.deps.presence.set(channel, entry, context);
  if (!context.alive()) context.memberships.forget(channel, context.id);
  else if (!set.ok) context.fail(set.error, { channel });
}
