import type { Publish } from '@kittiwake/protocol';
import type { Publishing } from '../../channel/publisher.ts';
import type { ChannelRule } from '../../config/channel-rule.ts';
import { permitted, type RequestContext } from '../request-context.ts';

/** Publishes, and acknowledges at the level asked for: `received` at once, the others when it is stored (SPEC P1–P4, P8–P10). */
export async function handlePublish(context: RequestContext, message: Publish): Promise<void> {
  const { channel, ref } = message;
  const about = ref === undefined ? { channel } : { channel, ref };
  const rule = permitted(context, 'publish', about);
  if (rule === undefined) return;
  const publishing = describe(context, message, rule);
  const refused = context.deps.publisher.admit(publishing);
  if (refused !== undefined) {
    context.fail(refused, about);
    return;
  }
  const level = publishing.ack;
  if (level === 'received' && ref !== undefined) context.send({ type: 'ack', ref, channel, level });
  const published = await context.deps.publisher.store(publishing);
  if (!context.alive() || level === 'received') return;
  if (!published.ok) {
    context.fail(published.error, about);
    return;
  }
  if (ref === undefined) return;
  const { position, duplicate, level: reached } = published.value;
  context.send({
    type: 'ack',
    ref,
    channel,
    level: reached,
    ...(position === undefined ? {} : { position }),
    ...(duplicate ? { duplicate } : {}),
  });
}

function describe(context: RequestContext, message: Publish, rule: ChannelRule): Publishing {
  return {
    channel: message.channel,
    rule,
    event: message.event,
    version: message.version ?? 1,
    data: message.data,
    ack: message.ack ?? rule.ack,
    key: message.key,
    producer: message.producer,
    user: context.identity.user,
    member: context.id,
    traceparent: message.traceparent,
  };
}
