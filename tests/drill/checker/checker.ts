import { beginView, type ClientView, changeView, endOf, extendView, type Misstep } from './client-view.ts';
import type { Finding } from './finding.ts';
import { judgeChange, judgeView, type ToldChange } from './judge-change.ts';
import { judgePublish, lostFindings } from './judge-publish.ts';
import type {
  LogLine,
  OtherLine,
  PublishLine,
  RoundLine,
  RunLine,
  SeenLine,
  WitnessLine,
} from './log-lines.ts';
import { longestSilence } from './longest-silence.ts';
import { SurvivingLog } from './surviving-log.ts';
import { ToldLosses } from './told-losses.ts';

/** What a round came to. */
export type RoundVerdict = {
  readonly line: RoundLine;
  readonly findings: readonly Finding[];
  /** Losses that a client was told at their first offset: one for each client and change. */
  readonly signalled: number;
  readonly deliveries: number;
  /** Publishes by how they ended. */
  readonly published: { readonly [O in PublishLine['outcome']]: number };
  /** Longest time without an acknowledged publish around the fault. */
  readonly silentMs: number;
  /** From the loss of the connection until everything was there again, for each client and time. */
  readonly catchUpsMs: readonly number[];
};

/** One client in one channel. */
type Watch = { readonly client: string; readonly channel: string; view: ClientView };

/**
 * Holds what clients and producers wrote down against the log that survived. Lines of one process come in their order;
 * those of different processes mix freely between two ends of rounds. At the end of a round nobody publishes.
 */
export class Checker {
  readonly #logs = new Map<string, SurvivingLog>();
  readonly #watches = new Map<string, Watch>();
  readonly #told = new ToldLosses();
  /** Acknowledged publishes that the log had at the end of an earlier round: they can be lost later. */
  readonly #kept = new Map<number, PublishLine>();
  #round = newRound();

  /** Takes a line of a client, a producer or a process. */
  take(line: WitnessLine | PublishLine): void {
    switch (line.type) {
      case 'begun':
        this.#watches.set(nameOf(line), { ...line, view: beginView(line) });
        return;
      case 'run':
        this.#extend(line);
        return;
      case 'change': {
        const watch = this.#watchOf(line);
        this.#round.changes.push({ change: line, before: watch.view });
        this.#told.add(line, watch.view);
        watch.view = changeView(watch.view, line);
        return;
      }
      case 'lost':
        this.#told.addLost(line);
        return;
      case 'other':
        this.#round.findings.push(otherData(line));
        return;
      case 'seen':
        this.#round.seen.push(line);
        return;
      case 'caught-up':
        this.#round.catchUpsMs.push(line.atMs - line.lostAtMs);
        return;
      case 'mark':
        this.#round.deliveries += line.deliveries;
        return;
      case 'publish':
        this.#round.publishes.push(line);
        return;
    }
  }

  /** Ends a round with what the primary has in its log, and judges everything since the round before. */
  close(line: RoundLine, readings: readonly LogLine[]): RoundVerdict {
    const round = this.#round;
    this.#round = newRound();
    const findings: Finding[] = [...round.findings];
    for (const reading of readings) findings.push(...this.#read(reading));
    for (const seen of round.seen) findings.push(...judgeSeen(seen, this.#logOf(seen.channel)));
    let signalled = 0;
    for (const told of round.changes) {
      const verdict = judgeChange(told, this.#logOf(told.change.channel));
      if (verdict === 'signalled') signalled += 1;
      else findings.push(verdict);
    }
    for (const watch of this.#watches.values()) findings.push(...this.#judgeView(watch));
    const published = { primary: 0, replicated: 0, rejected: 0, unknown: 0 };
    for (const publish of round.publishes) {
      published[publish.outcome] += 1;
      findings.push(...this.#judge(publish));
    }
    const window = { fromMs: line.faultAtMs, toMs: line.endedAtMs };
    return {
      line,
      findings,
      signalled,
      deliveries: round.deliveries,
      published,
      silentMs: longestSilence(acknowledgements(round.publishes), window),
      catchUpsMs: round.catchUpsMs,
    };
  }

  #extend(line: RunLine): void {
    const watch = this.#watchOf(line);
    const { view, missteps } = extendView(watch.view, line);
    watch.view = view;
    const { client, channel } = line;
    this.#round.findings.push(...missteps.map((misstep: Misstep) => ({ ...misstep, client, channel })));
  }

  #read(reading: LogLine): readonly Finding[] {
    const { channel } = reading;
    const { gone, twice } = this.#logOf(channel).read(reading);
    const late = gone.flatMap(id => {
      const publish = this.#kept.get(id);
      this.#kept.delete(id);
      return publish === undefined ? [] : lostFindings(publish, line => this.#told.has(line));
    });
    const doubled = twice.map(
      (id): Finding => ({ kind: 'stored-twice', count: 1, channel, detail: `publish ${id}` }),
    );
    return [...late, ...doubled];
  }

  #judgeView(watch: Watch): readonly Finding[] {
    const findings = judgeView(watch.view, this.#logOf(watch.channel), watch);
    // Once found it is not found again: what it held is forgotten, and it is followed from where it stands.
    if (findings.some(({ kind }) => kind === 'silent-loss'))
      watch.view = { after: endOf(watch.view), stretches: [] };
    return findings;
  }

  #judge(publish: PublishLine): readonly Finding[] {
    const log = this.#logOf(publish.channel);
    const acknowledged = publish.outcome === 'primary' || publish.outcome === 'replicated';
    if (acknowledged && log.offsetOf(publish.id) !== undefined) this.#kept.set(publish.id, publish);
    return judgePublish(publish, log, line => this.#told.has(line));
  }

  #watchOf(line: { readonly client: string; readonly channel: string }): Watch {
    const watch = this.#watches.get(nameOf(line));
    if (watch === undefined) throw new Error(`${nameOf(line)} wrote something before it had begun`);
    return watch;
  }

  #logOf(channel: string): SurvivingLog {
    const log = this.#logs.get(channel) ?? new SurvivingLog();
    this.#logs.set(channel, log);
    return log;
  }
}

type OpenRound = {
  readonly findings: Finding[];
  readonly changes: ToldChange[];
  readonly seen: SeenLine[];
  readonly publishes: PublishLine[];
  readonly catchUpsMs: number[];
  deliveries: number;
};

function newRound(): OpenRound {
  return { findings: [], changes: [], seen: [], publishes: [], catchUpsMs: [], deliveries: 0 };
}

function nameOf({ client, channel }: { readonly client: string; readonly channel: string }): string {
  return `${client} in ${channel}`;
}

function acknowledgements(publishes: readonly PublishLine[]): readonly number[] {
  return publishes
    .filter(({ outcome }) => outcome === 'primary' || outcome === 'replicated')
    .map(({ settledMs }) => settledMs);
}

function otherData({ client, channel, position, id, first }: OtherLine): Finding {
  const detail = `${id} at ${position.offset} of ${position.epoch}, where another client got ${first}`;
  return { kind: 'other-data', count: 1, channel, client, detail };
}

/** What the first client of a process saw, beside the log, where it is of the history that the log has there. */
function judgeSeen({ channel, epoch, from, ids }: SeenLine, log: SurvivingLog): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [index, id] of ids.entries()) {
    const offset = from + index;
    if (log.epochAt(offset) !== epoch) continue;
    const there = log.idAt(offset);
    if (there === id) continue;
    const detail = `clients got ${id} at ${offset} of ${epoch}; the log has ${there}`;
    findings.push({ kind: there === undefined ? 'unchecked' : 'other-data', count: 1, channel, detail });
  }
  return findings;
}
