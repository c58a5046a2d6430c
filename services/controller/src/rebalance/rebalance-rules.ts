import type { Millis } from '@kittiwake/base';

/** When and how far rebalancing goes. Shares are of the mean number of sessions: 0.25 is a quarter above or below. */
export type RebalanceRules = {
  /** A spread above this share begins it. */
  readonly beginShare: number;
  /** It ends once the spread is within this share. */
  readonly withinShare: number;
  /** Sessions that somebody must be away from the mean at least: a handful is no reason to move anybody. */
  readonly sessionsMin: number;
  /** How long, and in how many observations in a row, the spread must have been there. */
  readonly holdMs: Millis;
  readonly observationsMin: number;
  /** How long it lets things be afterwards. */
  readonly coolDownMs: Millis;
  /** From the end of a shed to the next look: the moved have arrived by then. */
  readonly settleMs: Millis;
  /** Sheds of one gateway, one after the other, before it gives up: more would be chasing noise. */
  readonly passesMax: number;
  /** Share of the moved that must have gone to where sessions were missing; with fewer it gives up: the balancer works against it. */
  readonly arrivedShareMin: number;
  /** Sheds whose end nobody sees are not waited for any longer than this. */
  readonly movingMaxMs: Millis;
  /** Share of its sessions that a gateway sheds at once at most. */
  readonly shareMax: number;
  /** Sessions per second, of one gateway and of all together, at most. */
  readonly gatewayPerSecondMax: number;
  readonly clusterPerSecondMax: number;
  /** Sessions per second that one gateway takes from those that hand over; newcomers have at least as much besides. */
  readonly acceptPerSecond: number;
};

/** What the controller ships with; the environment changes those that depend on the cluster. */
export const REBALANCE_RULES: RebalanceRules = {
  beginShare: 0.25,
  withinShare: 0.1,
  sessionsMin: 20,
  holdMs: 8_000,
  observationsMin: 3,
  coolDownMs: 60_000,
  settleMs: 2_500,
  passesMax: 12,
  arrivedShareMin: 0.15,
  movingMaxMs: 300_000,
  shareMax: 0.5,
  gatewayPerSecondMax: 200,
  clusterPerSecondMax: 1_000,
  acceptPerSecond: 300,
};
