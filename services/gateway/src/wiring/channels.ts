import { ChannelPresence } from '../channel/channel-presence.ts';
import { ChannelRates } from '../channel/channel-rates.ts';
import { createHistoryReader, type HistoryReader } from '../channel/history-reader.ts';
import { Hub } from '../channel/hub.ts';
import { Publisher } from '../channel/publisher.ts';
import { createHttpResponder, type Responder } from '../channel/responder.ts';
import type { ChannelRules } from '../config/channel-rule.ts';
import { createChannelRules } from '../config/channel-rules.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { GatewayParts } from './gateway-parts.ts';

/** The channel room of one gateway. */
export type Channels = {
  readonly rules: ChannelRules;
  readonly hub: Hub;
  readonly presence: ChannelPresence;
  readonly publisher: Publisher;
  readonly history: HistoryReader;
  readonly responder: Responder;
};

/** How long a member whose connection broke stays listed: longer than a client's usual way back (SPEC E5). */
const PRESENCE_LINGER_MS = 10_000;
const RESPONSE_BYTES_MAX = 65_536;

/** Builds the channel room over the tier. */
export function wireChannels(parts: Omit<GatewayParts, 'metrics'> & { readonly metrics: Metrics }): Channels {
  const { config, clock, metrics, tier, tracer } = parts;
  const rates = new ChannelRates(clock, metrics);
  const presence = new ChannelPresence({
    ...parts,
    store: tier.presence,
    find: name => hub.find(name),
    lingerMs: PRESENCE_LINGER_MS,
  });
  const hub: Hub = new Hub({
    ...parts,
    broker: tier.broker,
    observer: {
      opened: channel => presence.opened(channel),
      closed: channel => presence.closed(channel),
      doubted: channel => presence.doubted(channel),
      delivered: (publication, { members }) => {
        if (publication.traceparent !== undefined) tracer.deliverSpan(publication).end(members);
      },
    },
  });
  return {
    rules: createChannelRules(config.channels),
    hub,
    presence,
    publisher: new Publisher({
      broker: tier.broker,
      clock,
      metrics,
      tracer,
      admit: (channel, rate) => rates.admit(channel, rate),
    }),
    history: createHistoryReader(tier.broker),
    responder: createHttpResponder({ fetch, clock, apiKey: config.apiKey, bytesMax: RESPONSE_BYTES_MAX }),
  };
}
