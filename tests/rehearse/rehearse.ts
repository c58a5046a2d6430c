import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@kittiwake/base';
import { hasK6 } from '../cluster/lib/k6.ts';
import { list } from '../cluster/lib/kubectl.ts';
import { worstFindings } from '../drill/report/drill-result.ts';
import { quiet } from './act.ts';
import type { Closing } from './closing.ts';
import { type Cluster, openCluster } from './cluster/cluster.ts';
import { spreadOut } from './cluster/rollout.ts';
import { fixSize, readScaling, setScaling, untilSize } from './cluster/size.ts';
import { sliceSystem } from './cluster/system-slice.ts';
import { k6Figures } from './figures/k6-figures.ts';
import { K6Load } from './k6/k6-load.ts';
import { REHEARSED } from './rehearsals/rehearsed.ts';
import type { RehearseOptions } from './rehearse-options.ts';
import { timelineOf } from './report/timeline.ts';
import type { Reported } from './report/write-report.ts';
import { Stage } from './stage.ts';

const SIZED_MS = 240_000;
const QUIET_MS = 20_000;
const QUIET_SHORT_MS = 8_000;
const FINDINGS_SHOWN = 20;

/** What a rehearsal came to, and where everything that clients wrote is. */
export type Rehearsed = { readonly reported: Reported; readonly folder: string };

/** Plays a rehearsal from the first client to the last; what is to be put back is promised to `closing`. */
export async function rehearse(
  options: RehearseOptions,
  closing: Closing,
  command: string,
): Promise<Rehearsed> {
  const rehearsal = REHEARSED[options.name];
  const startedMs = systemClock.monotonicMs();
  const lines: string[] = [];
  const tell = (line: string): void => console.log(`${secondsSince(startedMs)} s  ${line}`);
  const say = (line: string): void => {
    lines.push(line);
    tell(line);
  };
  const promise = (mend: () => Promise<void>): void => closing.promise(mend);
  if (options.slice) slice(closing, say);
  const cluster = await prepare(rehearsal.gateways, closing, tell);
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-rehearsal-'));
  tell(`${options.clients} clients connect, ${options.rate} publishes/s`);
  const size = { ...options, ...rehearsal.crowd, run: nameOfRun() };
  const halfway = (): Promise<void> | undefined => rehearsal.halfway?.(cluster, { finally: promise });
  const stage = await Stage.open(cluster, size, { folder, halfway });
  closing.promise(() => stage.stop());
  const k6 = await withK6(options, { folder, closing, tell });
  tell('all are members; measuring a quiet time');
  const before = await quiet(stage, options.short ? QUIET_SHORT_MS : QUIET_MS);
  const { acts, figures } = await rehearsal.play(stage, { options, quiet: before, say, finally: promise });
  const found = k6 === undefined ? [] : k6Figures(await k6.end());
  const reported: Reported = {
    name: options.name,
    introduction: rehearsal.introduction,
    command,
    tookMs: systemClock.monotonicMs() - startedMs,
    clusterIs: `a cluster of ${(await list('nodes')).length} nodes`,
    figures: [...figures, ...found],
    findings: worstFindings(stage.verdicts, FINDINGS_SHOWN),
    lines,
    plot: timelineOf(`Rehearsal: ${options.name}`, stage.evidence, { quiet: before, acts }),
  };
  return { reported, folder };
}

/** Load of k6 beside ours, where it is wanted and there is one. */
async function withK6(
  { k6 }: RehearseOptions,
  { folder, closing, tell }: { readonly folder: string; readonly closing: Closing; tell(line: string): void },
): Promise<K6Load | undefined> {
  if (!k6) return undefined;
  if (!hasK6()) {
    tell('k6 is not on the PATH: its load is left out');
    return undefined;
  }
  const load = await K6Load.open(folder);
  closing.promise(() => load.stop());
  tell('k6 has its clients there as well');
  return load;
}

/** Shares out the cores as on machines that nodes have to themselves, where that is to be made up for. */
function slice(closing: Closing, say: (line: string) => void): void {
  const putBack = sliceSystem();
  if (putBack === undefined) return;
  closing.promise(async () => putBack());
  say(
    'the processes of Kubernetes itself are one group, as with systemd; the pods of a node weigh six times that',
  );
}

/** Looks at the cluster, and has it begin with so many gateways, spread over its nodes; the autoscaler is put back at the end. */
async function prepare(gateways: number, closing: Closing, tell: (line: string) => void): Promise<Cluster> {
  const cluster = await openCluster();
  closing.promise(async () => cluster.close());
  const scaling = await readScaling();
  closing.promise(() => setScaling(scaling));
  const { minReplicas, maxReplicas } = scaling;
  tell(`the autoscaler had ${minReplicas} to ${maxReplicas} gateways; from now on ${gateways}`);
  await fixSize(gateways);
  await untilSize(cluster.watch, gateways, SIZED_MS);
  await spreadOut(cluster, gateways, SIZED_MS);
  return cluster;
}

/** Unlike that of any other run, also of the same process: gateways remember the keys of what was published for minutes. */
function nameOfRun(): string {
  return `rehearse-${process.pid}-${Math.floor(systemClock.nowMs() / 1_000)}`;
}

function secondsSince(startedMs: number): string {
  return ((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1).padStart(6);
}
