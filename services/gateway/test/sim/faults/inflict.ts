import { assertNever } from '@kittiwake/base';
import type { SimClient } from '../world/sim-client.ts';
import type { Told as ToldParts } from '../world/sim-connection.ts';
import type { World } from '../world.ts';
import type { Fault, FaultPlan, Told, Way } from './fault.ts';
import { harmRedis } from './harm-redis.ts';

const TOLD: { readonly [T in Told]: ToldParts } = {
  both: { client: true, gateway: true },
  client: { client: true, gateway: false },
  gateway: { client: false, gateway: true },
};

/** Plans everything that goes wrong in a world, and the end of it. */
export function inflict(world: World, { faults, tokensLastMs }: FaultPlan): void {
  const { scene } = world;
  const { troubles } = scene;
  scene.tokens.lifetimeMs = tokensLastMs;
  for (const fault of faults) {
    scene.loop.at(fault.atMs, () => {
      scene.note(() => `FAULT ${JSON.stringify(fault)}`);
      scene.count('faults');
      scene.count(`fault ${fault.kind}`);
      const machines = machinesOf(fault);
      troubles.begin(machines);
      const heal = harm(world, fault);
      scene.loop.at(fault.untilMs, () => {
        scene.note(() => `END of ${fault.kind}`);
        heal();
        troubles.end(machines);
      });
    });
  }
}

/** Whom a fault excuses for being behind. */
function machinesOf(fault: Fault): readonly string[] {
  if ('gateway' in fault) return [`g${fault.gateway}`];
  if ('client' in fault) return [`c${fault.client}`];
  return fault.kind === 'tokens-down' ? [] : ['tier'];
}

/** Does the harm; what is returned ends it. */
function harm(world: World, fault: Fault): () => void {
  switch (fault.kind) {
    case 'gateway-crash':
    case 'gateway-pause':
    case 'gateway-drain':
    case 'gateway-shed':
    case 'gateway-deaf':
    case 'gateway-clock':
      return harmGateway(world, fault);
    case 'tokens-down':
      world.scene.tokens.down = true;
      return () => {
        world.scene.tokens.down = false;
      };
    default:
      return 'client' in fault ? harmClient(world, fault) : harmRedis(world, fault);
  }
}

/** All of them within a second. */
const SHED_PER_SECOND = 10;

type GatewayFault = Extract<Fault, { readonly gateway: number }>;
type ClientFault = Extract<Fault, { readonly client: number }>;

function harmGateway(world: World, fault: GatewayFault): () => void {
  const gateway = world.gateway(fault.gateway);
  switch (fault.kind) {
    case 'gateway-crash':
      world.crashGateway(fault.gateway, fault.told);
      return () => world.startGateway(fault.gateway);
    case 'gateway-pause':
      gateway?.host.pause();
      return () => gateway?.host.resume();
    case 'gateway-drain':
      world.drainGateway(fault.gateway);
      return nothing;
    case 'gateway-shed':
      gateway?.core.shed.start(fault.sessions, SHED_PER_SECOND);
      return nothing;
    case 'gateway-deaf':
      world.scene.tier.redis.deafen(`g${fault.gateway}`);
      return nothing;
    case 'gateway-clock':
      gateway?.host.jump(fault.jumpMs);
      return () => gateway?.host.jump(-fault.jumpMs);
    default:
      return assertNever(fault);
  }
}

function harmClient(world: World, fault: ClientFault): () => void {
  const app = world.apps[fault.client];
  const client = app?.client;
  if (app === undefined || client === undefined) return nothing;
  switch (fault.kind) {
    case 'client-crash':
      app.crash(fault.told);
      return () => app.start();
    case 'client-overtaken':
      return app.overtake();
    case 'client-sleep':
      client.host.pause();
      return () => {
        client.host.resume();
        client.hint();
      };
    case 'client-clock':
      client.host.jump(fault.jumpMs);
      return () => client.host.jump(-fault.jumpMs);
    case 'client-cut':
      return cut(world, fault.client, fault.way);
    default:
      return harmConnection(client, fault);
  }
}

function harmConnection(
  client: SimClient,
  fault: Exclude<
    ClientFault,
    { readonly kind: 'client-crash' | 'client-overtaken' | 'client-sleep' | 'client-clock' | 'client-cut' }
  >,
): () => void {
  switch (fault.kind) {
    case 'client-hidden':
      client.hide();
      return () => client.show();
    case 'client-stall':
      client.stall();
      return () => client.readOn();
    case 'client-reset':
      client.breakOff(TOLD[fault.told]);
      return nothing;
    case 'client-delay':
      client.delay(fault.delayMs);
      return () => client.delay(0);
    case 'client-proxy':
      client.meddle(fault);
      return () => client.meddle({ duplicate: 0, swap: 0 });
    default:
      return assertNever(fault);
  }
}

function cut({ scene: { network } }: World, client: number, way: Way): () => void {
  const ways = [0, 1, 2].flatMap(gateway => {
    const [up, down] = [[`c${client}`, `g${gateway}`] as const, [`g${gateway}`, `c${client}`] as const];
    return way === 'both' ? [up, down] : way === 'up' ? [up] : [down];
  });
  for (const [from, to] of ways) network.cut(from, to);
  return () => {
    for (const [from, to] of ways) network.heal(from, to);
  };
}

function nothing(): void {}
