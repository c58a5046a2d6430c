import { type Fleet, type Gateway, isLeaving, isStaying } from '../fleet/fleet.ts';
import { isRollingOut, rolloutOf } from '../fleet/rollout.ts';
import { isScaleInNear } from '../fleet/scale-in.ts';
import type { Load } from './spread.ts';

/** The gateways that share the sessions at this moment. */
export type Census = {
  readonly loads: readonly Load[];
  /** Sessions that sheds under way have not moved yet; `undefined` while none is under way. */
  readonly sheddingLeft: number | undefined;
  /** When the oldest of these numbers was asked for, monotonic. */
  readonly seenAtMs: number;
};

/**
 * Why the numbers say nothing, or nobody shall be moved now: `unknown` a gateway that is ready has not said lately how many sessions it
 * has; `leaving` one hands its sessions over; `rollout` two templates live side by side; `scale_in` gateways are about to be taken away,
 * the emptiest first; `alone` there is nobody to share with.
 */
export type Obstacle = 'unknown' | 'leaving' | 'rollout' | 'scale_in' | 'alone';

/** Counts, or says why not. */
export function takeCensus(fleet: Fleet): Census | Obstacle {
  const { gateways } = fleet;
  if (isRollingOut(rolloutOf(fleet))) return 'rollout';
  if (gateways.some(isLeaving)) return 'leaving';
  if (isScaleInNear(fleet)) return 'scale_in';
  if (gateways.some(({ pod, status }) => pod.state === 'ready' && status === undefined)) return 'unknown';
  const staying = gateways.filter(isStaying);
  return staying.length < 2 ? 'alone' : countThem(staying);
}

function countThem(gateways: readonly Gateway[]): Census {
  const sheds = gateways.flatMap(({ status }) => status?.sheddingLeft ?? []);
  return {
    loads: gateways.map(({ pod, status }) => ({ id: pod.uid, sessions: status?.sessions ?? 0 })),
    sheddingLeft: sheds.length === 0 ? undefined : sheds.reduce((sum, left) => sum + left, 0),
    seenAtMs: Math.min(...gateways.map(({ seenAtMs }) => seenAtMs)),
  };
}
