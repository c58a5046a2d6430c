import type { Values } from './values.ts';

/** Every time that a deploy or a scale-in takes, in seconds unless it says otherwise; none is written anywhere else. */
export type RolloutBudget = {
  /** New gateways that come before old ones go, as a share of all. */
  readonly maxSurgePercent: number;
  /** How long a new gateway must be ready before an old one goes for it: balancers know it by then. */
  readonly minReadySeconds: number;
  /** Between the deletion of a pod and SIGTERM: balancers forget it meanwhile. */
  readonly preStopSeconds: number;
  /** How long an old gateway keeps its sessions at most while the new ones come. */
  readonly holdSeconds: number;
  /** How long a rollout may stand still before held gateways go. */
  readonly stallSeconds: number;
  /** Over which a full gateway hands over its sessions. */
  readonly windowSeconds: number;
  /** `terminationGracePeriodSeconds`: `preStop` runs inside of it. */
  readonly graceSeconds: number;
  /** How long a rollout may go without progress before Kubernetes calls it failed. */
  readonly progressDeadlineSeconds: number;
  /** Time between two gateways that are taken away. */
  readonly scaleDownPeriodSeconds: number;
};

/** A window has a quarter more than it needs: clients that come of their own accord want to be taken as well. */
const WINDOW_RESERVE = 1.25;
/** What the last sessions that are asked have for being welcome elsewhere: a dial that is given up, and another one. */
const MOVE_SECONDS = 5;
/** A controller that dies is followed within its lease (15 s), one retry (2 s) and one round of scrapes (5 s). */
const CONTROLLER_AWAY_SECONDS = 25;
/** What is waited for beyond a wave before it counts as standing still. */
const STALL_RESERVE_SECONDS = 10;
/** Kubernetes calls a rollout failed after three waves that should have been one; images may have to be pulled. */
const PROGRESS_WAVES = 3;
const PROGRESS_SECONDS_MIN = 120;

/**
 * The one budget that everything is computed from. A deploy comes in waves: so many new gateways as `surgePercent` allows start, are ready,
 * stay ready for a while, and as many old ones are told to stop. These keep their sessions until the last wave is ready, so that each
 * client moves once, to a gateway of the new version; then all hand over at the rate that as many new ones take.
 */
export function rolloutBudget({ gateway: { budget, connectionsMax } }: Values): RolloutBudget {
  const { startSeconds, endpointsSeconds, readinessDelaySeconds, marginSeconds } = budget;
  const waveSeconds = startSeconds + endpointsSeconds;
  const waves = Math.ceil(100 / budget.surgePercent);
  const holdSeconds = waves * waveSeconds + CONTROLLER_AWAY_SECONDS;
  const windowSeconds =
    Math.ceil((WINDOW_RESERVE * connectionsMax) / budget.handoverPerSecond) + MOVE_SECONDS;
  const drainSeconds = endpointsSeconds + readinessDelaySeconds + windowSeconds + marginSeconds;
  return {
    maxSurgePercent: budget.surgePercent,
    minReadySeconds: endpointsSeconds,
    preStopSeconds: endpointsSeconds,
    holdSeconds,
    stallSeconds: waveSeconds + STALL_RESERVE_SECONDS,
    windowSeconds,
    graceSeconds: drainSeconds + holdSeconds,
    progressDeadlineSeconds: Math.max(PROGRESS_SECONDS_MIN, PROGRESS_WAVES * waveSeconds),
    // A hold moves a drain, it does not make it longer: drains that begin so far apart do not overlap, with a controller or without.
    scaleDownPeriodSeconds: drainSeconds,
  };
}
