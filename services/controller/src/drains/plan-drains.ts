import type { Millis } from '@kittiwake/base';
import { type Fleet, type Gateway, isLeaving, isStaying } from '../fleet/fleet.ts';
import { isRollingOut, type Rollout, rolloutOf } from '../fleet/rollout.ts';
import { handoverRate } from '../gateways/handover.ts';

/**
 * Why a gateway hands over now. `rolled_out`: the new ones are all ready. `stalled`: they are not, and nothing has moved for a while.
 * `leaving`: nothing is rolled out; it was scaled in, or its node is drained. `asked`: by the annotation.
 */
export type DrainReason = 'rolled_out' | 'stalled' | 'leaving' | 'asked';

/** Tell `gateway` to drain. */
export type DrainOrder = {
  readonly gateway: Gateway;
  readonly why: DrainReason;
  readonly perSecond: number;
};

/** How far the rollout had come when it last went on, and when that was seen; what a new leader starts without. */
export type DrainMemory = { readonly progress: string; readonly sinceMs: Millis } | undefined;

/** `acceptPerSecond`: new sessions that one gateway takes. `stallMs`: how long a rollout may stand still. */
export type DrainRules = { readonly acceptPerSecond: number; readonly stallMs: Millis };

/** Who is told what, and what to remember. */
export type DrainPlan = { readonly memory: DrainMemory; readonly orders: readonly DrainOrder[] };

/**
 * How far apart the rates of those are that are told together. Gateways with as many sessions would be empty in the same second,
 * and what nodes and balancers do about a pod that ends would come at once for all of them.
 */
const STAGGER = 0.1;

/** Who hands over now, and how fast; pure, and empty where nobody is due. A gateway that drains already is not told again. */
export function planDrains(memory: DrainMemory, fleet: Fleet, rules: DrainRules): DrainPlan {
  const rollout = rolloutOf(fleet);
  const next = remember(memory, rollout, fleet.nowMs);
  const staying = fleet.gateways.filter(isStaying).length;
  // Sessions that nobody takes are safest where they are: the hold ends by itself.
  if (staying === 0) return { memory: next, orders: [] };
  const whyHeld = releaseReason(rollout, next !== undefined && fleet.nowMs - next.sinceMs >= rules.stallMs);
  const due = fleet.gateways.flatMap(gateway => {
    const why = reasonOf(gateway, whyHeld);
    return why === undefined ? [] : [{ gateway, why }];
  });
  // [R31] What those that stay take together, shared by those that hand over now or are about to: they come seconds apart.
  const leaving = fleet.gateways.filter(gateway => isLeaving(gateway) && hasSessions(gateway)).length;
  const perSecond = (rules.acceptPerSecond * staying) / Math.max(1, leaving);
  const orders = due.map((order, index) => ({
    ...order,
    perSecond: handoverRate(perSecond * staggered(index, due.length)),
  }));
  return { memory: next, orders };
}

/** [R31] Of those that are told together the first hands over a little faster than its share, the last as much slower. */
function staggered(index: number, count: number): number {
  return count < 2 ? 1 : 1 + STAGGER * (1 - (2 * index) / (count - 1));
}

/** As far as is known: a process that has ended answers no more. */
function hasSessions({ status }: Gateway): boolean {
  return status !== undefined && status.phase !== 'drained' && status.sessions > 0;
}

function remember(memory: DrainMemory, rollout: Rollout, nowMs: Millis): DrainMemory {
  if (!isRollingOut(rollout)) return undefined;
  const { newestHash, wanted, newestReady, newest, olderServing } = rollout;
  const progress = [newestHash, wanted, newestReady, newest, olderServing].join(' ');
  return memory?.progress === progress ? memory : { progress, sinceMs: nowMs };
}

/** [R29] Why gateways that wait may go; `undefined` while they may not. */
function releaseReason(rollout: Rollout, isStalled: boolean): DrainReason | undefined {
  if (!isRollingOut(rollout)) return 'leaving';
  const { newestReady, wanted, olderServing } = rollout;
  if (newestReady >= wanted && olderServing === 0) return 'rolled_out';
  return isStalled ? 'stalled' : undefined;
}

function reasonOf({ pod, status }: Gateway, whyHeld: DrainReason | undefined): DrainReason | undefined {
  if (status === undefined || pod.ip === undefined) return undefined;
  // [R30] Whoever asked for this gateway does not want to wait for a rollout.
  const isWaiting = status.phase === 'held' || status.phase === 'serving';
  if (pod.drainAskedAt !== undefined && isWaiting) return 'asked';
  return status.phase === 'held' ? whyHeld : undefined;
}
