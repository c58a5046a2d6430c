import { type Clock, err, ok, type Result } from '@kittiwake/base';
import type { Fleet, Gateway } from '../fleet/fleet.ts';
import type { FleetPorts, HandoverPort } from '../fleet/fleet-ports.ts';
import { type ApplyError, gatewayFailed, NOT_LEADING } from '../reconcile/apply.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Census, type Obstacle, takeCensus } from './census.ts';
import { describeDecision } from './describe-decision.ts';
import { type PacedMove, paceMoves } from './pace-moves.ts';
import { planMoves } from './plan-moves.ts';
import type { RebalanceRules } from './rebalance-rules.ts';
import { CALM, type Decision, type RebalanceState } from './rebalance-state.ts';
import { rebalanceTransition } from './rebalance-transition.ts';
import { spreadOf } from './spread.ts';

/** What rebalancing calls. */
export type RebalancePorts = FleetPorts & HandoverPort;

/** What the rebalancer is made of. */
export type RebalancerParts = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly ports: RebalancePorts;
  readonly rules: RebalanceRules;
  /** Whether gateways can be told anything at all: without an operations key it is off. */
  readonly isAble: boolean;
};

/** What rebalancing looks like from outside: where it stands, and what it would do if it did something now. */
export type RebalanceView = {
  readonly phase: RebalanceState['phase'];
  readonly obstacle: Obstacle | undefined;
  readonly spread: number | undefined;
  readonly plan: readonly PacedMove[];
};

/** Wishes are dated by somebody else's clock; one of yesterday is nobody's any more. */
const WISH_AGE_MAX_MS = 600_000;

/** Looks, decides, and tells gateways to shed; remembers what it asked for. */
export class Rebalancer {
  readonly #parts: RebalancerParts;
  #state: RebalanceState = CALM;
  #answeredWishMs: number | undefined;

  constructor(parts: RebalancerParts) {
    this.#parts = parts;
  }

  /** Whether every second counts. */
  get isHurried(): boolean {
    return this.#state.phase === 'suspecting' || this.#state.phase === 'moving';
  }

  /** What an earlier time of leading left behind is no longer true. */
  forget(): void {
    this.#state = CALM;
    // What this one saw last, nobody shall take for what is.
    this.#parts.metrics.set('kittiwake_rebalance_spread_ratio', 0);
  }

  /** One look, and what follows from it. */
  async run(): Promise<Result<void, ApplyError>> {
    const { ports, rules, metrics, isAble } = this.#parts;
    const fleet = ports.fleet();
    const census = takeCensus(fleet);
    if (typeof census !== 'string') metrics.set('kittiwake_rebalance_spread_ratio', spreadOf(census.loads));
    if (fleet.deployment === undefined) return ok();
    if (!ports.holdsLease()) return NOT_LEADING;
    const isAsked = this.#isAsked(fleet);
    const mode = isAble ? fleet.deployment.rebalance : 'off';
    const observation = { nowMs: fleet.nowMs, census, mode, isAsked };
    const { state, decision } = rebalanceTransition(this.#state, observation, rules);
    this.#state = state;
    if (isAsked) this.#answeredWishMs = fleet.deployment.rebalanceAskedAtMs;
    if (decision === undefined) return ok();
    this.#announce(decision, fleet);
    return decision.kind === 'shed' ? await this.#shed(decision.moves, fleet) : ok();
  }

  /** For the status; `fleet` is of this moment. */
  view(fleet: Fleet): RebalanceView {
    const { rules } = this.#parts;
    const census: Census | Obstacle = takeCensus(fleet);
    const { phase } = this.#state;
    if (typeof census === 'string') return { phase, obstacle: census, spread: undefined, plan: [] };
    const plan = paceMoves(planMoves(census.loads, rules), census.loads, rules);
    return { phase, obstacle: undefined, spread: spreadOf(census.loads), plan };
  }

  #isAsked({ deployment }: Fleet): boolean {
    const atMs = deployment?.rebalanceAskedAtMs;
    if (atMs === undefined || atMs === this.#answeredWishMs) return false;
    return Math.abs(this.#parts.clock.nowMs() - atMs) <= WISH_AGE_MAX_MS;
  }

  #announce(decision: Decision, { deployment, gateways }: Fleet): void {
    const { metrics, ports } = this.#parts;
    metrics.count('kittiwake_rebalance_decisions_total', 1, { decision: decision.kind });
    const names = new Map(gateways.map(({ pod }) => [pod.uid, pod.name]));
    const { reason, note } = describeDecision(decision, names);
    const about = { kind: 'Deployment', name: deployment?.name ?? '', uid: deployment?.uid ?? '' } as const;
    ports.announce(reason, note, about);
  }

  async #shed(moves: readonly PacedMove[], fleet: Fleet): Promise<Result<void, ApplyError>> {
    const gateways = new Map(fleet.gateways.map(gateway => [gateway.pod.uid, gateway]));
    const results = await Promise.all(moves.map(move => this.#tell(move, gateways.get(move.id))));
    return results.find(result => !result.ok) ?? ok();
  }

  async #tell(move: PacedMove, gateway: Gateway | undefined): Promise<Result<void, ApplyError>> {
    const { ports, metrics } = this.#parts;
    if (gateway === undefined) return ok();
    if (!ports.holdsLease()) return NOT_LEADING;
    const { sessions, perSecond } = move;
    const told = await ports.handOver(gateway, { do: 'shed', sessions, perSecond });
    if (told.ok) {
      metrics.count('kittiwake_rebalance_moves_total', told.value.sessions);
      return ok();
    }
    // [R27] Somebody was faster: its status will say so, and it is waited for.
    if (told.error.kind === 'busy') return ok();
    return err(gatewayFailed(gateway.pod.name, told.error));
  }
}
