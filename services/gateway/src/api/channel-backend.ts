import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { GatewayBus } from '../broker/gateway-bus.ts';
import type { PresenceStore } from '../broker/presence-store.ts';
import type { HistoryReader } from '../channel/history-reader.ts';
import type { Publisher } from '../channel/publisher.ts';
import type { ChannelRule, ChannelRules } from '../config/channel-rule.ts';
import type { BackendFailure, BackendPort, BackendPublish } from './backend-port.ts';

/** What backends act on. */
export type ChannelBackendDeps = {
  readonly rules: ChannelRules;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly presence: Pick<PresenceStore, 'list'>;
  readonly history: HistoryReader;
  readonly bus: Pick<GatewayBus, 'broadcast' | 'gateways'>;
};

/** The HTTP API's calls, over the same publisher, history and presence that sessions use. */
export function createChannelBackend(deps: ChannelBackendDeps): BackendPort {
  return {
    publish: command => publish(deps, command),
    async presence(channel) {
      const rule = ruleOf(deps, channel);
      if (!rule.ok) return rule;
      if (!rule.value.presence)
        return err({ kind: 'presence_off', message: 'this channel keeps no presence' });
      return deps.presence.list(channel);
    },
    async history(channel, limit) {
      const rule = ruleOf(deps, channel);
      if (!rule.ok) return rule;
      if (rule.value.history.size === 0)
        return err({ kind: 'history_off', message: 'this channel keeps no history' });
      return deps.history.list(channel, limit);
    },
    disconnect(target) {
      const message =
        'user' in target
          ? ({ type: 'disconnect-user', user: target.user } as const)
          : ({ type: 'disconnect-session', session: target.session } as const);
      return deps.bus.broadcast(message);
    },
    gateways: () => deps.bus.gateways(),
  };
}

async function publish(
  deps: ChannelBackendDeps,
  command: BackendPublish,
): ReturnType<BackendPort['publish']> {
  const rule = ruleOf(deps, command.channel);
  if (!rule.ok) return rule;
  const ack = command.ack ?? rule.value.ack;
  const published = await deps.publisher.publish({ ...command, rule: rule.value, ack });
  if (!published.ok) return published;
  return published;
}

function ruleOf(deps: ChannelBackendDeps, channel: ChannelName): Result<ChannelRule, BackendFailure> {
  const rule = deps.rules.find(channel);
  return rule === undefined
    ? err({ kind: 'unknown_channel', message: 'no configured pattern matches this channel' })
    : ok(rule);
}
