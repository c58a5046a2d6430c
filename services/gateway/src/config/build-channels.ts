import { ok } from '@kittiwake/base';
import { type ChannelPattern, compilePattern, covers } from './channel-pattern.ts';
import type { ChannelRule } from './channel-rule.ts';
import type { Report } from './config-problem.ts';
import type { ChannelEntry } from './config-schema.ts';
import { DEFAULT_CHANNEL, DEFAULT_RESPONDER_TIMEOUT } from './default-config.ts';
import { compileEventSchemas } from './event-schema.ts';
import { millis } from './units.ts';
import { isHttpUrl } from './urls.ts';

/** One entry of `channels` that fits the schema, and its place in the file. */
export type PlacedChannel = { readonly path: string; readonly entry: ChannelEntry };

/** Longest time a responder may be given. */
const RESPONDER_TIMEOUT_MS_MAX = 60_000;

/** Turns the entries into rules, in order; what is wrong with any of them is reported. */
export function buildChannels(channels: readonly PlacedChannel[], report: Report): readonly ChannelRule[] {
  reportPatterns(channels, report);
  return channels.map(channel => buildChannel(channel, report));
}

function buildChannel({ path, entry }: PlacedChannel, report: Report): ChannelRule {
  const history = { ...DEFAULT_CHANNEL.history, ...entry.history };
  const visibility = entry.visibility ?? DEFAULT_CHANNEL.visibility;
  if (visibility === 'replicated' && history.size === 0)
    report(`${path}.visibility`, 'needs a history: what is not shown yet is kept there');
  const strict = entry.strict ?? DEFAULT_CHANNEL.strict;
  const check = compileEventSchemas(entry.schemas ?? {}, { strict, path: `${path}.schemas` });
  if (!check.ok) for (const problem of check.error) report(problem.path, problem.problem);
  if (strict && Object.keys(entry.schemas ?? {}).length === 0) {
    report(`${path}.strict`, 'refuses every event, because there are no schemas');
  }
  return {
    pattern: entry.pattern,
    history: { size: history.size, ageMs: millis(history.age) },
    presence: entry.presence ?? DEFAULT_CHANNEL.presence,
    conflate: entry.conflate ?? DEFAULT_CHANNEL.conflate,
    ack: entry.ack ?? DEFAULT_CHANNEL.ack,
    idempotencyMs: millis(entry.idempotency ?? DEFAULT_CHANNEL.idempotency),
    visibility,
    access: { ...DEFAULT_CHANNEL.access, ...entry.access },
    rate: entry.rate ?? DEFAULT_CHANNEL.rate,
    responder: buildResponder({ path, entry }, report),
    check: check.ok ? check.value : () => ok(),
  };
}

function buildResponder({ path, entry }: PlacedChannel, report: Report): ChannelRule['responder'] {
  if (entry.responder === undefined) return undefined;
  const { url, timeout = DEFAULT_RESPONDER_TIMEOUT } = entry.responder;
  const timeoutMs = millis(timeout);
  if (!isHttpUrl(url)) report(`${path}.responder.url`, 'must be an http:// or https:// address');
  if (timeoutMs > RESPONDER_TIMEOUT_MS_MAX || timeoutMs === 0)
    report(`${path}.responder.timeout`, 'must be from 1ms to 60s');
  return { url, timeoutMs };
}

function reportPatterns(channels: readonly PlacedChannel[], report: Report): void {
  const earlier: ChannelPattern[] = [];
  for (const { path, entry } of channels) {
    const compiled = compilePattern(entry.pattern);
    if (!compiled.ok) {
      report(`${path}.pattern`, compiled.error);
      continue;
    }
    const wider = earlier.find(pattern => covers(pattern, compiled.value));
    if (wider !== undefined) report(`${path}.pattern`, `is never reached: "${wider.text}" comes first`);
    earlier.push(compiled.value);
  }
}
