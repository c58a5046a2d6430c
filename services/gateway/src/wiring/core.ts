import type { TokenVerifier } from '../auth/token-verifier.ts';
import { DeliveryWatch } from '../lifecycle/delivery-watch.ts';
import { Drain } from '../lifecycle/drain.ts';
import { Shed } from '../lifecycle/shed.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Announcer } from './announcer.ts';
import { type Channels, wireChannels } from './channels.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type Sessions, wireSessions } from './sessions.ts';

/** What lets peers in, as the core sees it: the client server, or the simulation's network. */
export type Front = { connections(): number; stopAccepting(): void };

/** What a core is made of. */
export type CoreParts = Omit<GatewayParts, 'metrics' | 'routes'> & {
  readonly metrics: Metrics;
  readonly verifier: TokenVerifier;
  readonly front: Front;
};

/** A gateway without its ports: sessions, channels and drain over a tier. The same in production and in the simulation. */
export type Core = {
  readonly channels: Channels;
  readonly sessions: Sessions;
  readonly drain: Drain;
  readonly shed: Shed;
  /** Whether what is published comes back. */
  readonly delivery: DeliveryWatch;
  /** Connects the tier and starts what runs by timers of its own; resolves when peers may come. */
  start(): Promise<void>;
  /** Gives everything up; peers are gone by then. */
  stop(): Promise<void>;
};

/** Connects the rooms between the peers and the tier; nothing happens before `start`. */
export function wireCore(parts: CoreParts): Core {
  const { tier, front } = parts;
  const channels = wireChannels(parts);
  const sessions = wireSessions(parts, channels);
  const drain = wireDrain(parts, sessions);
  const shed = new Shed({ ...parts, sessions: () => sessions.registry.sessions() });
  const delivery = wireDelivery(parts, sessions, { drain, shed });
  const announcer = new Announcer(parts, {
    connections: () => front.connections(),
    sessions: () => sessions.registry.size,
    channels: () => channels.hub.channelCount,
    draining: () => drain.phase !== 'serving',
  });
  return {
    channels,
    sessions,
    drain,
    shed,
    delivery,
    async start() {
      await Promise.all([tier.broker.start(channels.hub), channels.presence.start()]);
      await tier.bus.start(message => sessions.onControl(message));
      sessions.heartbeat.start();
      announcer.start();
      delivery.start();
    },
    async stop() {
      sessions.heartbeat.stop();
      announcer.stop();
      delivery.stop();
      channels.hub.stop();
      await channels.presence.stop();
      await Promise.all([tier.bus.stop(), tier.broker.stop()]);
    },
  };
}

/** Who is at a gateway that hears nothing is moved to one that does, as fast as others take them. */
function wireDelivery(
  parts: CoreParts,
  { registry }: Sessions,
  { drain, shed }: Pick<Core, 'drain' | 'shed'>,
): DeliveryWatch {
  const { config, tier } = parts;
  return new DeliveryWatch({
    ...parts,
    gateway: config.gatewayId,
    bus: tier.bus,
    onDeaf: () => {
      if (registry.size > 0 && drain.phase === 'serving')
        shed.start(registry.size, config.drain.ratePerSecond);
    },
    onHearing: () => shed.stop(),
  });
}

function wireDrain(parts: CoreParts, { registry }: Sessions): Drain {
  const { config, front } = parts;
  return new Drain({
    ...parts,
    settings: {
      acceptForMs: config.drain.readinessDelayMs,
      holdMs: config.drain.holdMs,
      windowMs: config.drain.windowMs,
      moveMs: config.drain.moveMs,
      clientsPerSecond: config.drain.ratePerSecond,
    },
    target: { sessions: () => registry.sessions(), stopAccepting: () => front.stopAccepting() },
  });
}
