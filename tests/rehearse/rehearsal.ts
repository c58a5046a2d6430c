import type { Figure } from '../drill/report/promises.ts';
import type { Act, Measured } from './act.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { CrowdSize } from './crowds/crowd-layout.ts';
import type { RehearseOptions } from './rehearse-options.ts';
import type { Stage } from './stage.ts';

/** What is played, and how it is told. */
export type Rehearsal = {
  /** What is done, for whoever reads the report and nothing else. */
  readonly introduction: string;
  /** How many gateways it begins with. */
  readonly gateways: number;
  /** What the clients are like, where that is not for the command line to say. */
  readonly crowd: Pick<CrowdSize, 'busyEveryMs' | 'slowPercent' | 'busyTextLength'>;
  /** Done when the first half of the clients has connected, before the others do. */
  halfway?(cluster: Cluster, scene: Pick<Scene, 'finally'>): Promise<void>;
  play(stage: Stage, scene: Scene): Promise<Played>;
};

/** What a rehearsal is played with. */
export type Scene = {
  readonly options: RehearseOptions;
  /** The load with nothing done to it, measured before. */
  readonly quiet: Measured;
  /** Says what was done: on the terminal, and in the report. */
  say(line: string): void;
  /** What was broken is mended by this at the end, also after a failure or a signal. */
  finally(mend: () => Promise<void>): void;
};

/** What came of it. */
export type Played = { readonly acts: readonly Act[]; readonly figures: readonly Figure[] };
