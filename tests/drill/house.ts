import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { CHANNEL_MODES, channelOfMode } from './checker/channel-mode.ts';
import { Checker, type RoundVerdict } from './checker/checker.ts';
import { JournalReader } from './checker/journal-reader.ts';
import { isJudged, type Line, type LogLine, type RoundLine } from './checker/log-lines.ts';
import type { ProducerPlan } from './clients/crowd.ts';
import type { CrowdCommand, ProcessMeasure } from './clients/crowd-command.ts';
import { CrowdProcess } from './clients/crowd-process.ts';
import { type DrillTier, type Network, startDrillTier } from './tier/drill-tier.ts';
import { SIGNING_KEY, writeGatewayConfig } from './tier/gateway-config.ts';
import { type GatewayFleet, startGateways } from './tier/gateway-fleet.ts';
import { type RedisCommand, readHeads, readLog } from './tier/read-log.ts';

/** How big a drill is. */
export type HouseOptions = {
  readonly network: Network;
  /** Clients that listen; producers come on top. */
  readonly clients: number;
  readonly channels: number;
  /** Publishes per second, of all producers together. */
  readonly rate: number;
  /** Processes that share the clients. */
  readonly processes: number;
  /** Folder of all that is written down. */
  readonly folder: string;
};

const GATEWAYS = 3;
const PRODUCERS_PER_CHANNEL_MAX = 2;
/** Clients that begin to connect in a second, in all processes. */
const PACE_PER_SECOND = 600;
const POLL_MS = 100;
const QUIET_MS = 30_000;

/** Starts the tier, the gateways and the clients; when it resolves, everybody is a member and nobody publishes. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { folder } = options;
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const tier = await startDrillTier(options.network, folder);
    closing.push(() => tier.stop());
    const files = await writeGatewayConfig(folder, tier.sentinel);
    const fleet = await startGateways(files, { folder, size: GATEWAYS });
    closing.push(() => fleet.stop());
    const channels = Array.from({ length: options.channels }, (_, index) =>
      channelOfMode(CHANNEL_MODES[index % CHANNEL_MODES.length] ?? 'keys', index + 1),
    );
    const crowds = await startCrowds(options, { channels, fleet, closing });
    return new House({ tier, fleet, channels, folder, crowds, stop });
  } catch (reason) {
    await stop();
    throw reason;
  }
}

type OpenCrowd = { readonly process: CrowdProcess; readonly journal: JournalReader };

/** The producers have a process of their own, so that a crowd that listens does not slow them down. */
async function startCrowds(
  options: HouseOptions,
  house: {
    readonly channels: readonly string[];
    readonly fleet: GatewayFleet;
    readonly closing: (() => Promise<unknown>)[];
  },
): Promise<readonly OpenCrowd[]> {
  const { channels, fleet, closing } = house;
  const shares = Array.from({ length: options.processes }, (_, index) => ({
    name: `w${index + 1}`,
    witnesses: shareOf(options.clients, options.processes, index),
    producers: [] as readonly ProducerPlan[],
  }));
  const all = [{ name: 'p', witnesses: 0, producers: planProducers(channels, options.rate) }, ...shares];
  return Promise.all(
    all.map(async ({ name, witnesses, producers }) => {
      const process = CrowdProcess.start();
      closing.push(() => process.stop());
      const journal = join(options.folder, `clients-${name}.ndjson`);
      const pacePerSecond = PACE_PER_SECOND / options.processes;
      await process.tell({
        do: 'start',
        plan: { name, channels, witnesses, producers, pacePerSecond },
        journal,
        signingKey: SIGNING_KEY,
        url: 'ws://gateways/v1/ws',
        gateways: fleet.addresses,
      });
      return { process, journal: new JournalReader(journal) };
    }),
  );
}

function shareOf(clients: number, processes: number, index: number): number {
  return Math.floor(((index + 1) * clients) / processes) - Math.floor((index * clients) / processes);
}

/** Up to two producers a channel, that publish `rate` per second together. */
function planProducers(channels: readonly string[], rate: number): readonly ProducerPlan[] {
  const count = channels.length * PRODUCERS_PER_CHANNEL_MAX;
  const everyMs = (1_000 * count) / rate;
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    channel: channels[index % channels.length] ?? '',
    everyMs,
    afterMs: (everyMs * index) / count,
  }));
}

type HouseParts = {
  readonly tier: DrillTier;
  readonly fleet: GatewayFleet;
  readonly channels: readonly string[];
  readonly folder: string;
  readonly crowds: readonly OpenCrowd[];
  readonly stop: () => Promise<void>;
};

/** Everything that a drill runs on, and the checker that watches it. */
export class House {
  readonly #parts: HouseParts;
  readonly #checker = new Checker();

  constructor(parts: HouseParts) {
    this.#parts = parts;
  }

  get tier(): DrillTier {
    return this.#parts.tier;
  }

  get fleet(): GatewayFleet {
    return this.#parts.fleet;
  }

  async publish(on: boolean): Promise<void> {
    await this.#tell({ do: 'publish', on });
  }

  /** Starts a gateway again, and tells the clients' ingress of it as soon as it is there. */
  async restartGateway(index: number): Promise<void> {
    await this.fleet.restart(index);
    await this.#tell({ do: 'gateways', gateways: this.fleet.addresses });
  }

  /** Waits until every client is a member and has what the log had a moment before; milliseconds that it took. */
  async untilCaughtUp(timeoutMs: number): Promise<number> {
    const startedMs = systemClock.monotonicMs();
    for (;;) {
      const missing = await this.#behind();
      const tookMs = systemClock.monotonicMs() - startedMs;
      if (missing === 0) return tookMs;
      if (tookMs > timeoutMs) throw new Error(`${missing} clients had not caught up after ${timeoutMs} ms`);
      await elapse(POLL_MS);
    }
  }

  /** Ends a round: everybody pauses and catches up, the log is read, and the checker judges. */
  async close(line: Omit<RoundLine, 'type' | 'endedAtMs'>): Promise<RoundVerdict> {
    const { channels, folder, crowds } = this.#parts;
    await this.publish(false);
    const ended: RoundLine = { type: 'round', ...line, endedAtMs: systemClock.nowMs() };
    // Who has not caught up by then is found by the checker. What clients were told meanwhile may be published again.
    await this.untilCaughtUp(QUIET_MS).catch(() => {});
    await this.publish(false);
    await this.untilCaughtUp(QUIET_MS).catch(() => {});
    const readings: LogLine[] = [];
    for (const channel of channels) readings.push(await readLog(this.#command, channel, line.round));
    await this.#tell({ do: 'mark', round: line.round });
    append(folder, [...readings, ended]);
    for (const { journal } of crowds) {
      for (const written of journal.next()) {
        if (isJudged(written)) this.#checker.take(written);
      }
    }
    return this.#checker.close(ended, readings);
  }

  /** What each process of clients takes of the machine. */
  measure(): Promise<readonly ProcessMeasure[]> {
    return Promise.all(this.#parts.crowds.map(({ process }) => process.measure()));
  }

  /** Ends every process and takes every namespace away. */
  async stop(): Promise<void> {
    await this.#parts.stop();
  }

  async #tell(command: CrowdCommand): Promise<void> {
    await Promise.all(this.#parts.crowds.map(({ process }) => process.tell(command)));
  }

  /** Clients that lack something; `undefined` while the primary does not say where the channels stand. */
  async #behind(): Promise<number | undefined> {
    const { channels, crowds } = this.#parts;
    const heads = await readHeads(this.#command, channels).catch(() => undefined);
    if (heads === undefined) return undefined;
    const counts = await Promise.all(crowds.map(({ process }) => process.behind(heads)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  readonly #command: RedisCommand = async (...args) => (await this.tier.sentinel.primary()).command(...args);
}

/** What the drill itself writes down: the logs of the primary, and its rounds. */
function append(folder: string, lines: readonly Line[]): void {
  appendFileSync(join(folder, 'drill.ndjson'), lines.map(line => `${JSON.stringify(line)}\n`).join(''));
}
