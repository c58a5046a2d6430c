import { assert } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import { compilePattern } from './channel-pattern.ts';
import type { ChannelRule, ChannelRules } from './channel-rule.ts';

/** Channel names whose rule is remembered; the oldest is forgotten first. */
const CACHED_MAX = 10_000;

/** Finds rules by the first pattern that matches; what was found, or not found, is remembered for a bounded number of names. */
export function createChannelRules(rules: readonly ChannelRule[], cachedMax = CACHED_MAX): ChannelRules {
  const compiled = rules.map(rule => {
    const pattern = compilePattern(rule.pattern);
    assert(pattern.ok, `a rule has a pattern that was checked: ${rule.pattern}`);
    return { rule, pattern: pattern.value };
  });
  const cache = new Map<ChannelName, ChannelRule | undefined>();
  return {
    find(channel) {
      if (cache.has(channel)) return cache.get(channel);
      const found = compiled.find(({ pattern }) => pattern.matches(channel))?.rule;
      if (cache.size >= cachedMax) forgetOldest(cache);
      cache.set(channel, found);
      return found;
    },
  };
}

function forgetOldest(cache: Map<ChannelName, unknown>): void {
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    return;
  }
}
