import { rolloutBudget } from './rollout-budget.ts';
import type { Values } from './values.ts';

/** A relation between values that must hold; `path` says where to look. */
export type Problem = { readonly path: string; readonly problem: string };

type Relation = (values: Values) => readonly (Problem | false)[];

/** Everything that is wrong with `values`, together, so that one run shows it all (G2). */
export function findProblems(values: Values): readonly Problem[] {
  return RELATIONS.flatMap(relation => relation(values)).filter(problem => problem !== false);
}

/** Problems as people read them: one line each, path first. */
export function describeProblems(environment: string, problems: readonly Problem[]): string {
  const lines = problems.map(({ path, problem }) => `  ${path}: ${problem}`);
  return [
    `environment ${environment} has ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    ...lines,
  ].join('\n');
}

const check = (broken: boolean, path: string, problem: string): Problem | false =>
  broken && { path, problem };

const budget: Relation = ({ gateway: { budget: b } }) => [
  check(b.startSeconds < 1, 'gateway.budget.startSeconds', 'must be at least 1'),
  check(
    b.endpointsSeconds < 1,
    'gateway.budget.endpointsSeconds',
    'must be at least 1: balancers need time to forget a pod',
  ),
  check(
    b.marginSeconds < 6,
    'gateway.budget.marginSeconds',
    'must be at least 6: the last sockets flush and the process exits in it',
  ),
  check(b.acceptPerSecond < 20, 'gateway.budget.acceptPerSecond', 'must be at least 20'),
  check(
    b.handoverPerSecond < 1 || b.handoverPerSecond > b.acceptPerSecond / 2,
    'gateway.budget.handoverPerSecond',
    'must be from 1 to half of acceptPerSecond: who moves is not to be refused for others that come',
  ),
  check(
    !Number.isInteger(b.surgePercent) || b.surgePercent < 1 || b.surgePercent > 100,
    'gateway.budget.surgePercent',
    'must be a whole number from 1 to 100',
  ),
];

/** Two versions live side by side for as long as old gateways are held; nobody wants that for longer. */
const HOLD_SECONDS_MAX = 600;
/** The longest time between SIGTERM and SIGKILL that node drains are usually told to wait for. */
const GRACE_SECONDS_MAX = 1_800;

/** What the budget adds up to; silent where its parts are wrong already. */
const budgetTotal: Relation = values => {
  if (budget(values).some(problem => problem !== false)) return [];
  const { holdSeconds, graceSeconds, minReadySeconds, progressDeadlineSeconds } = rolloutBudget(values);
  return [
    check(
      holdSeconds > HOLD_SECONDS_MAX,
      'gateway.budget.surgePercent',
      `old gateways would wait ${holdSeconds} s for new ones: raise it, or lower startSeconds; at most ${HOLD_SECONDS_MAX} s`,
    ),
    check(
      graceSeconds > GRACE_SECONDS_MAX,
      'gateway.budget.handoverPerSecond',
      `a full gateway would take ${graceSeconds} s to stop: raise it, or lower gateway.connectionsMax; at most ${GRACE_SECONDS_MAX} s`,
    ),
    check(
      progressDeadlineSeconds <= minReadySeconds,
      'gateway.budget.endpointsSeconds',
      'must be shorter than the deadline of a rollout',
    ),
  ];
};

const autoscaling: Relation = values => {
  const { autoscaling: a, gateway } = values;
  const { scaleDownPeriodSeconds } = rolloutBudget(values);
  return [
    check(a.replicasMin < 2, 'autoscaling.replicasMin', 'must be at least 2: one gateway is no cluster'),
    check(
      a.replicasMax < a.replicasMin,
      'autoscaling.replicasMax',
      `must not be below replicasMin (${a.replicasMin})`,
    ),
    check(
      scaleDownPeriodSeconds > 1_800,
      'gateway.budget.handoverPerSecond',
      `gateways that are taken away one at a time would be ${scaleDownPeriodSeconds} s apart, at most 1800 (limit of the API)`,
    ),
    check(
      a.scaleDownStabilizationSeconds < 30,
      'autoscaling.scaleDownStabilizationSeconds',
      'must be at least 30: the controller marks the emptiest gateways while the autoscaler waits',
    ),
    check(
      a.scaleDownStabilizationSeconds > 3_600,
      'autoscaling.scaleDownStabilizationSeconds',
      'must not be above 3600 (limit of the API)',
    ),
    check(
      a.connectionsTarget >= gateway.connectionsMax,
      'autoscaling.connectionsTarget',
      `must be below gateway.connectionsMax (${gateway.connectionsMax}), or gateways refuse before they multiply`,
    ),
  ];
};

const disruption: Relation = ({ disruption: { unavailableMax }, autoscaling: a, controller, redis }) => {
  const path = 'disruption.unavailableMax';
  const majority = Math.floor(redis.sentinels / 2) + 1;
  return [
    check(unavailableMax < 1, path, 'must be at least 1, or no node can ever be drained'),
    check(unavailableMax >= a.replicasMin, path, `must be below autoscaling.replicasMin (${a.replicasMin})`),
    check(
      unavailableMax >= controller.replicas,
      path,
      `must be below controller.replicas (${controller.replicas})`,
    ),
    check(
      unavailableMax >= redis.replicas - redis.minReplicasToWrite,
      path,
      'must leave a primary and redis.minReplicasToWrite replicas',
    ),
    check(
      redis.sentinels - unavailableMax < majority,
      path,
      `must leave a majority of ${majority} Sentinels`,
    ),
  ];
};

const redis: Relation = ({ redis: r }) => [
  check(
    r.minReplicasToWrite >= r.replicas,
    'redis.minReplicasToWrite',
    `must be below redis.replicas (${r.replicas})`,
  ),
  check(
    r.minReplicasToWrite < 1,
    'redis.minReplicasToWrite',
    'must be at least 1, or a cut-off primary goes on taking writes that are lost',
  ),
  check(
    r.minReplicasMaxLagSeconds < 2,
    'redis.minReplicasMaxLagSeconds',
    'must be at least 2: replicas report once a second',
  ),
  check(
    r.gracePeriodSeconds < r.handoverSeconds + 15,
    'redis.gracePeriodSeconds',
    `must be at least handoverSeconds + 15 (${r.handoverSeconds + 15}): hand over, wait for replicas (10 s), write the log`,
  ),
  check(
    r.dataMiB > 0.75 * r.resources.memoryLimitMiB,
    'redis.dataMiB',
    'must be at most three quarters of the memory limit: buffers and log rewrites need the rest',
  ),
];

const sentinels: Relation = ({ redis: r }) => [
  check(r.sentinels < 3 || r.sentinels % 2 === 0, 'redis.sentinels', 'must be an odd number of at least 3'),
  check(
    r.quorum < Math.floor(r.sentinels / 2) + 1 || r.quorum > r.sentinels,
    'redis.quorum',
    'must be a majority of redis.sentinels',
  ),
  check(
    r.downAfterMs < 1_000 || r.downAfterMs > 10_000,
    'redis.downAfterMs',
    'must be 1000 to 10000: Sentinels ping once a second',
  ),
  check(
    r.failoverTimeoutMs < 5 * r.downAfterMs,
    'redis.failoverTimeoutMs',
    'must be at least five times redis.downAfterMs',
  ),
];

const resources: Relation = values =>
  Object.entries({
    'gateway.resources': values.gateway.resources,
    'controller.resources': values.controller.resources,
    'redis.resources': values.redis.resources,
    'redis.sentinelResources': values.redis.sentinelResources,
  }).map(([path, r]) =>
    check(r.memoryMiB > r.memoryLimitMiB, path, 'memoryMiB must not be above memoryLimitMiB'),
  );

const ingress: Relation = ({ ingress: i }) => [
  check(
    i.idleTimeoutSeconds < 60,
    'ingress.idleTimeoutSeconds',
    'must be at least 60: gateways ping every 15 s',
  ),
  check(
    i.profile === 'alb' && i.idleTimeoutSeconds > 4_000,
    'ingress.idleTimeoutSeconds',
    'must not be above 4000 (limit of the ALB)',
  ),
  check(
    i.stickyPaths.some(path => !path.startsWith('/')),
    'ingress.stickyPaths',
    'must start with /',
  ),
];

const RELATIONS: readonly Relation[] = [
  budget,
  budgetTotal,
  autoscaling,
  disruption,
  redis,
  sentinels,
  resources,
  ingress,
];
