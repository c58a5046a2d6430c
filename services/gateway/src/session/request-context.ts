import type { ChannelName, Ref, ServerMessage, SessionId } from '@kittiwake/protocol';
import type { Identity, Verb } from '../auth/identity.ts';
import { can } from '../auth/permissions.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import type { Failure } from '../protocol/error-message.ts';
import type { ChannelMember } from './channel-member.ts';
import type { Memberships } from './memberships.ts';
import type { SessionDeps } from './session-deps.ts';

/** What a request belongs to, for its answer. */
export type About = { readonly ref?: Ref; readonly channel?: ChannelName };

/** A connected session as the handlers of its requests see it. */
export type RequestContext = {
  readonly deps: SessionDeps;
  readonly id: SessionId;
  readonly identity: Identity;
  /** Which connect of its session it is, 0 where its client does not count. */
  readonly attempt: number;
  /** Channels that the session is in. */
  readonly memberships: Pick<Memberships, 'has' | 'size' | 'add' | 'end' | 'forget'>;
  /** Makes the session's member of a channel; not attached yet. */
  memberOf(channel: ChannelName, rule: ChannelRule): ChannelMember;
  /** Whether the session is still there: an await is a door that others walk through. */
  alive(): boolean;
  send(message: ServerMessage): void;
  fail(failure: Failure, about: About): void;
};

/** The rule of a channel where the session may do `verb` there; else the failure is answered and nothing returned. */
export function permitted(
  context: RequestContext,
  verb: Verb,
  about: About & { readonly channel: ChannelName },
): ChannelRule | undefined {
  const rule = context.deps.rules.find(about.channel);
  if (rule === undefined) {
    context.fail({ kind: 'unknown_channel', message: 'no configured pattern matches this channel' }, about);
    return undefined;
  }
  if (can({ verb, channel: about.channel, identity: context.identity, rule })) return rule;
  context.fail({ kind: 'forbidden', message: `this session may not ${verb} here` }, about);
  return undefined;
}
