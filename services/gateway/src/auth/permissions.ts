import { assertNever } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import { type ChannelPattern, compilePattern } from '../config/channel-pattern.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import type { Identity, Verb } from './identity.ts';

/** Compiled grants, kept as long as the list that they were compiled from. */
const compiled = new WeakMap<readonly string[], readonly ChannelPattern[]>();

/** What is asked: may this identity do this in this channel, whose rule is that? */
export type PermissionQuestion = {
  readonly verb: Verb;
  readonly channel: ChannelName;
  readonly identity: Identity;
  readonly rule: Pick<ChannelRule, 'access'>;
};

/** Decides by the channel's rule first, and by the token's grants where the rule says `token` (SPEC A5, A6). */
export function can({ verb, channel, identity, rule }: PermissionQuestion): boolean {
  const access = rule.access[verb];
  switch (access) {
    case 'everyone':
      return true;
    case 'nobody':
      return false;
    case 'token':
      return patternsOf(identity.grants[verb]).some(pattern => pattern.matches(channel, identity.user));
    default:
      return assertNever(access);
  }
}

function patternsOf(grants: readonly string[]): readonly ChannelPattern[] {
  const known = compiled.get(grants);
  if (known !== undefined) return known;
  const patterns = grants.flatMap(text => {
    const pattern = compilePattern(text, { grant: true });
    return pattern.ok ? [pattern.value] : [];
  });
  compiled.set(grants, patterns);
  return patterns;
}
