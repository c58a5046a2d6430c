import { err, ok, type Result } from '@kittiwake/base';
import type { FleetPorts, HandoverPort } from '../fleet/fleet-ports.ts';
import { type ApplyError, gatewayFailed, NOT_LEADING } from '../reconcile/apply.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import {
  type DrainMemory,
  type DrainOrder,
  type DrainReason,
  type DrainRules,
  planDrains,
} from './plan-drains.ts';

/** What draining calls. */
export type DrainPorts = FleetPorts & HandoverPort;

/** What it is made of. */
export type DrainsParts = {
  readonly metrics: Metrics;
  readonly ports: DrainPorts;
  readonly rules: DrainRules;
};

/** A gateway that was told waits for slow balancers, a few seconds, before its status shows it; after this long it was not told. */
const HEARD_WITHIN_MS = 15_000;

/** Tells gateways whose time has come to hand over. Telling one again is harmless; what it was told, its next status says. */
export class Drains {
  readonly #parts: DrainsParts;
  /** When a gateway was told, monotonic, by uid. */
  readonly #toldAtMs = new Map<string, number>();
  #memory: DrainMemory = undefined;

  constructor(parts: DrainsParts) {
    this.#parts = parts;
  }

  /** What an earlier time of leading left behind is no longer true. */
  forget(): void {
    this.#memory = undefined;
    this.#toldAtMs.clear();
  }

  /** One look, and what follows from it. */
  async run(): Promise<Result<void, ApplyError>> {
    const { ports, rules } = this.#parts;
    const fleet = ports.fleet();
    const { memory, orders } = planDrains(this.#memory, fleet, rules);
    this.#memory = memory;
    const uids = new Set(fleet.gateways.map(({ pod }) => pod.uid));
    for (const uid of this.#toldAtMs.keys()) if (!uids.has(uid)) this.#toldAtMs.delete(uid);
    const due = orders.filter(({ gateway }) => gateway.seenAtMs > this.#heardBy(gateway.pod.uid));
    const results = await Promise.all(due.map(order => this.#tell(order, fleet.nowMs)));
    return results.find(result => !result.ok) ?? ok();
  }

  /** A view of before says nothing about what a gateway was told. */
  #heardBy(uid: string): number {
    const toldAtMs = this.#toldAtMs.get(uid);
    return toldAtMs === undefined ? Number.NEGATIVE_INFINITY : toldAtMs + HEARD_WITHIN_MS;
  }

  async #tell({ gateway, why, perSecond }: DrainOrder, nowMs: number): Promise<Result<void, ApplyError>> {
    const { ports, metrics } = this.#parts;
    const { uid, name } = gateway.pod;
    if (!ports.holdsLease()) return NOT_LEADING;
    const told = await ports.handOver(gateway, { do: 'drain', perSecond });
    if (!told.ok) return err(gatewayFailed(name, told.error));
    this.#toldAtMs.set(uid, nowMs);
    metrics.count('kittiwake_drains_released_total', 1, { why });
    const note = `${name} hands over ${told.value.sessions} sessions at ${perSecond}/s: ${WHY[why]}`;
    ports.announce('GatewayDrains', note, { kind: 'Pod', name, uid });
    return ok();
  }
}

const WHY: { readonly [R in DrainReason]: string } = {
  rolled_out: 'all gateways of the newest template are ready',
  stalled: 'the rollout stands still',
  leaving: 'it was scaled in, or its node is drained',
  asked: 'kittiwake.dev/drain asks for it',
};
