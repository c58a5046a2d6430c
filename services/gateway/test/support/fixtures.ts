import { ok } from '@kittiwake/base';
import type { ChannelName, EventName, Publication, UserId } from '@kittiwake/protocol';
import type { Identity } from '../../src/auth/identity.ts';
import type { ChannelRule } from '../../src/config/channel-rule.ts';

/** A channel's rule that permits and keeps everything, changed by `over`. */
export function channelRule(over: Partial<ChannelRule> = {}): ChannelRule {
  return {
    pattern: '**',
    history: { size: 100, ageMs: 60_000 },
    presence: true,
    conflate: false,
    ack: 'primary',
    idempotencyMs: 60_000,
    visibility: 'stored',
    access: { join: 'everyone', publish: 'everyone', presence: 'everyone', history: 'everyone' },
    rate: { perSecond: 1_000, burst: 1_000 },
    responder: undefined,
    check: () => ok(),
    ...over,
  };
}

/** The channel that most tests use. */
export const CHANNEL = 'chat:42' as ChannelName;

/** The publication at `offset` of the history `epoch`. */
export function publicationAt(offset: number, epoch = 'a'): Publication {
  return {
    type: 'publication',
    channel: CHANNEL,
    event: 'chat:message:send' as EventName,
    version: 1,
    data: { n: offset },
    position: { offset, epoch },
    atMs: 0,
  };
}

/** Somebody whose token is good for an hour after `nowMs` and grants everything. */
export function identityOf(user: string, nowMs: number): Identity {
  const all = ['**'];
  return {
    user: user as UserId,
    expiresAtMs: nowMs + 3_600_000,
    grants: { join: all, publish: all, presence: all, history: all },
  };
}
