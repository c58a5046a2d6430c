import type { Scene } from '../world/scene.ts';
import type { SimClient } from '../world/sim-client.ts';
import type { SimGateway } from '../world/sim-gateway.ts';

/** Every client is closed: it holds no timer, no connection and no publish any more (I7; SPEC K12). */
export function checkClosed(scene: Scene, { host, clock, client, connections }: SimClient): void {
  const { messages, bytes } = client.queued;
  if (clock.timers + connections + messages + bytes > 0) {
    const left = `${clock.timers} timers, ${connections} connections, ${messages} publishes, ${bytes} bytes`;
    scene.violate('I7', `${host.name} is closed and holds ${left}`);
  }
}

/** Long after the last fault no subscription of a gateway is dead: its canary would not have come back (I6; SPEC B4). */
export function checkHearing(scene: Scene, { id, host }: SimGateway): void {
  if (scene.tier.isDeaf(host.name)) scene.violate('I6', `${id} hears nothing, and has not noticed`);
}

/** A gateway whose clients are all gone has nothing left of them (I7). */
export function checkEmpty(scene: Scene, { id, core, connections }: SimGateway): void {
  const { sessions, channels } = core;
  const left = [connections, sessions.registry.size, sessions.heartbeat.size, channels.hub.channelCount];
  if (left.some(count => count > 0))
    scene.violate(
      'I7',
      `${id} holds ${left.join(', ')} connections, sessions, heartbeats, channels of nobody`,
    );
}
