import { ok, type Result } from '@kittiwake/base';
import type { ChannelName, Json, Request } from '@kittiwake/protocol';
import type { ChannelRule } from '../../config/channel-rule.ts';
import type { Failure } from '../../protocol/error-message.ts';
import { newestThatFit } from '../newest-that-fit.ts';
import { permitted, type RequestContext } from '../request-context.ts';

const HISTORY_LIMIT = 100;

/**
 * Answers a request once: those of `kittiwake:` itself, all others through the channel's responder, and `timeout` where
 * neither has an answer in time (SPEC Q1–Q3).
 */
export async function handleRequest(context: RequestContext, message: Request): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<Answer>();
  const { clock, settings } = context.deps;
  const timeoutMs = Math.min(message.timeoutMs ?? settings.requestTimeoutMs, settings.requestTimeoutMs);
  const timer = clock.after(timeoutMs, () => resolve(failure('timeout', 'there was no answer in time')));
  const answer = await Promise.race([answerTo(context, message), late]).finally(() => timer.cancel());
  if (answer === 'answered' || !context.alive()) return;
  if (answer.ok) context.send({ type: 'response', ref: message.ref, data: answer.value });
  else context.fail(answer.error, message);
}

type Answer = Result<Json, Failure> | 'answered';

async function answerTo(context: RequestContext, message: Request): Promise<Answer> {
  if (message.event === 'kittiwake:time:get') return ok({ nowMs: context.deps.clock.nowMs() });
  const { channel } = message;
  if (channel === undefined) return failure('no_responder', 'a request of this kind names a channel');
  switch (message.event) {
    case 'kittiwake:history:list':
      return listHistory(context, { ...message, channel });
    case 'kittiwake:presence:list':
      return listPresence(context, { ...message, channel });
    default:
      return askResponder(context, { ...message, channel });
  }
}

type ChannelRequest = Request & { readonly channel: ChannelName };

async function listHistory(context: RequestContext, message: ChannelRequest): Promise<Answer> {
  const rule = permitted(context, 'history', message);
  if (rule === undefined) return 'answered';
  if (rule.history.size === 0) return failure('history_off', 'this channel keeps no history');
  const history = await context.deps.history.list(message.channel, limitOf(message.data));
  if (!history.ok) return history;
  const { position, publications } = history.value;
  return ok({
    position,
    publications: newestThatFit(publications, context.deps.settings.replayWindowBytes),
  });
}

async function listPresence(context: RequestContext, message: ChannelRequest): Promise<Answer> {
  const rule = permitted(context, 'presence', message);
  if (rule === undefined) return 'answered';
  if (!rule.presence) return failure('presence_off', 'this channel keeps no presence');
  const local = context.memberships.has(message.channel) ? context.deps.hub.find(message.channel) : undefined;
  if (local === undefined) return failure('not_joined', 'join the channel first');
  const entries = await context.deps.presence.entries(local);
  return entries.ok ? ok({ members: entries.value }) : entries;
}

function askResponder(context: RequestContext, message: ChannelRequest): Promise<Answer> | Answer {
  const rule = permitted(context, 'join', message);
  if (rule === undefined) return 'answered';
  if (rule.responder === undefined) return failure('no_responder', 'nobody answers requests of this channel');
  return context.deps.responder.ask({
    url: rule.responder.url,
    channel: message.channel,
    event: message.event,
    user: context.identity.user,
    data: message.data,
    timeoutMs: timeoutOf(context, message, rule.responder),
  });
}

function timeoutOf(
  context: RequestContext,
  { timeoutMs }: Request,
  responder: NonNullable<ChannelRule['responder']>,
): number {
  return Math.min(
    timeoutMs ?? responder.timeoutMs,
    responder.timeoutMs,
    context.deps.settings.requestTimeoutMs,
  );
}

function limitOf(data: Json): number {
  const asked = typeof data === 'object' && data !== null ? Reflect.get(data, 'limit') : undefined;
  return typeof asked === 'number' && Number.isSafeInteger(asked) && asked > 0 ? asked : HISTORY_LIMIT;
}

function failure(kind: Failure['kind'], message: string): Answer {
  return { ok: false, error: { kind, message } };
}
