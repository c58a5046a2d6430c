import { join } from 'node:path';
import { JournalReader } from '../../drill/checker/journal-reader.ts';
import type { Line } from '../../drill/checker/log-lines.ts';
import type { CrowdPlan } from '../../drill/clients/crowd.ts';
import type { CrowdCommand } from '../../drill/clients/crowd-command.ts';
import { CrowdProcess } from '../../drill/clients/crowd-process.ts';
import { nicenessOf } from './crowd-layout.ts';

/** How clients reach the cluster, and where they write. */
export type CrowdsPlace = {
  readonly url: string;
  readonly signingKey: string;
  readonly folder: string;
};

const HTTP_PORT = 80;

type OpenCrowd = {
  readonly name: string;
  readonly process: CrowdProcess;
  readonly journal: JournalReader;
};

/** The processes of SDK clients of a rehearsal, and what they wrote down. */
export class Crowds {
  readonly #place: CrowdsPlace;
  readonly #crowds: OpenCrowd[] = [];

  constructor(place: CrowdsPlace) {
    this.#place = place;
  }

  /** Starts a process for each plan; when it resolves, everybody of these is a member and nobody publishes. */
  async add(plans: readonly CrowdPlan[]): Promise<void> {
    const { url, signingKey, folder } = this.#place;
    const { hostname, port } = new URL(url);
    const gateways = [{ host: hostname, port: Number(port || HTTP_PORT) }];
    const starts = plans.map(plan => {
      const path = join(folder, `clients-${plan.name}.ndjson`);
      const process = CrowdProcess.start(nicenessOf(plan));
      this.#crowds.push({ name: plan.name, process, journal: new JournalReader(path) });
      return process.tell({ do: 'start', plan, journal: path, signingKey, url, gateways, pulse: true });
    });
    await Promise.all(starts);
  }

  async tell(command: CrowdCommand): Promise<void> {
    await Promise.all(this.#crowds.map(({ process }) => process.tell(command)));
  }

  /** Clients that are no members, or lack something up to these heads. */
  async behind(heads: { readonly [channel: string]: number }): Promise<number> {
    const counts = await Promise.all(this.#crowds.map(({ process }) => process.behind(heads)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lines that were written since the last call, and by which crowd. */
  *lines(): Generator<{ readonly crowd: string; readonly line: Line }> {
    for (const { name, journal } of this.#crowds)
      for (const line of journal.next()) yield { crowd: name, line };
  }

  /** Stops a crowd where it stands, or lets it go on. */
  freeze(crowd: string, on: boolean): void {
    for (const { name, process } of this.#crowds) if (name === crowd) process.freeze(on);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#crowds.map(({ process }) => process.stop()));
  }
}
