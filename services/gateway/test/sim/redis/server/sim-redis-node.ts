import { assert } from '@kittiwake/base';
import { SimHost } from '@kittiwake/testkit';
import { CommandServer } from './command-server.ts';
import { type Followed, Follower } from './follower.ts';
import { History, moveData, offsetOf, type Point, pointBefore } from './history.ts';
import { Leader } from './leader.ts';
import type { NodeParts } from './node-parts.ts';
import type { Question } from './request.ts';

/** What a Redis is; `down` is also one whose start script stands aside. */
export type NodeState =
  | {
      readonly phase: 'down';
      readonly at: Point;
      readonly sinceMs: number;
      readonly was: 'primary' | 'replica';
    }
  | { readonly phase: 'primary'; readonly leader: Leader }
  | { readonly phase: 'replica'; readonly follower: Follower };

/** What a restarted Redis finds on its disk. */
export type KeptData = 'kept' | 'last second lost' | 'empty';

const NOTHING: Point = {
  history: new History({ replid: 'none', leader: 'nobody', continues: false }),
  index: 0,
};
/** What Redis says where there was no history before. */
const NO_REPLID = '0'.repeat(40);
const LOADING_MS = { min: 20, max: 300 };
const NEEDS_NO_DATA: ReadonlySet<Question['kind']> = new Set([
  'hello',
  'info',
  'publish',
  'subscribe',
  'unsubscribe',
]);

/** One Redis: its process, what it is, and where its data stands. */
export class SimRedisNode implements Followed {
  readonly name: string;
  readonly followers = new Set<Follower>();
  host: SimHost;
  server: CommandServer;
  readonly #parts: NodeParts;
  #state: NodeState = { phase: 'down', at: NOTHING, sinceMs: 0, was: 'replica' };
  #info = '';
  #loadedAtMs = 0;
  #isStalled = false;
  /** Where the data stands that was made; a replica's is made when somebody wants to read it. */
  #dataAt = NOTHING;

  constructor(parts: NodeParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.host = new SimHost(parts.loop, parts.name);
    this.server = this.#newServer();
  }

  get role(): NodeState['phase'] {
    return this.#state.phase;
  }

  get leader(): Leader | undefined {
    return this.#state.phase === 'primary' && !this.isLoading ? this.#state.leader : undefined;
  }

  get follower(): Follower | undefined {
    return this.#state.phase === 'replica' ? this.#state.follower : undefined;
  }

  get isRunning(): boolean {
    return this.#state.phase !== 'down' && this.host.phase === 'running';
  }

  get isLoading(): boolean {
    return this.#parts.loop.nowMs < this.#loadedAtMs;
  }

  /** Where its data stands. */
  get at(): Point {
    if (this.#state.phase === 'down') return this.#state.at;
    return this.#state.phase === 'primary' ? this.#state.leader.history.head : this.#state.follower.at;
  }

  /** What it tells Sentinels about how far it is; one that was restarted has forgotten that. */
  get offset(): number {
    return this.follower?.canContinue === false ? 0 : offsetOf(this.at);
  }

  /** `SLAVEOF NO ONE`, or a start as primary: a new history begins. */
  lead(): void {
    if (this.#state.phase === 'primary') return;
    const origin = this.at;
    const continues = this.follower?.canContinue ?? false;
    this.#stop();
    const history = new History({ replid: this.#parts.random.hex(20), leader: this.name, origin, continues });
    this.#bringDataTo(origin);
    this.server.runner.data.effects = [];
    this.#state = { phase: 'primary', leader: new Leader({ ...this.#parts, host: this.host, history }) };
    this.#info = infoText('master', history.replid, continues ? origin.history.replid : NO_REPLID);
    this.#parts.watcher.led(this);
    this.#parts.watcher.changed();
  }

  /** `SLAVEOF`, or a start as replica. What it has and the primary has not is dropped when it gets a copy. */
  follow(primary: Followed): void {
    if (this.follower?.primary === primary) return;
    const { at } = this;
    const canContinue = this.follower?.canContinue ?? this.#state.phase === 'primary';
    if (this.#state.phase === 'primary') this.#dataAt = at;
    this.#stop();
    this.server.runner.data.effects = undefined;
    const { host } = this;
    const { subscriptions } = this.server;
    const onMoved = (from: Point, to: Point): void => this.#parts.watcher.moved(this.name, from, to);
    const follower = new Follower({ ...this.#parts, host, subscriptions, primary, at, canContinue, onMoved });
    this.#state = { phase: 'replica', follower };
    this.#info = infoText('slave', at.history.replid, NO_REPLID);
    follower.stall(this.#isStalled);
    follower.start();
    this.#parts.watcher.changed();
  }

  /** SIGKILL. */
  crash(): void {
    if (this.#state.phase === 'down') return;
    const { at } = this;
    const { loop, network } = this.#parts;
    const was = this.#state.phase;
    this.#stop();
    this.#state = { phase: 'down', at, sinceMs: loop.nowMs, was };
    for (const follower of this.followers)
      if (!follower.isLinked) network.pipe(this.host, follower.host).send(() => follower.refused());
    this.host.kill();
    this.#parts.watcher.changed();
  }

  /** Whether it led before it went down. */
  get wasPrimary(): boolean {
    return this.#state.phase === 'down' && this.#state.was === 'primary';
  }

  /** A new process; `lead` or `follow` makes something of it at once. */
  start(data: KeptData): void {
    assert(this.#state.phase === 'down', 'a Redis that runs is not started');
    const { at, sinceMs } = this.#state;
    const kept = data === 'empty' ? NOTHING : data === 'kept' ? at : pointBefore(at, sinceMs - 1_000);
    this.#parts.watcher.moved(this.name, at, kept);
    this.#state = { ...this.#state, at: kept };
    this.#dataAt = NOTHING;
    this.host = new SimHost(this.#parts.loop, this.name);
    this.server = this.#newServer();
    const { random, loop } = this.#parts;
    this.#loadedAtMs = loop.nowMs + LOADING_MS.min + random.next() * (LOADING_MS.max - LOADING_MS.min);
  }

  /** SIGSTOP. */
  pause(): void {
    this.follower?.freeze(true);
    this.host.pause();
    this.#parts.watcher.changed();
  }

  /** SIGCONT. */
  resume(): void {
    this.follower?.freeze(false);
    this.host.resume();
    this.#parts.watcher.changed();
  }

  /** Nothing of what is written reaches it, though it goes on to say that it is there. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.follower?.stall(isStalled);
  }

  /** Brings the data up to date. */
  catchUp(): void {
    if (this.#state.phase === 'replica') this.#bringDataTo(this.at);
  }

  #bringDataTo(at: Point): void {
    moveData(this.server.runner.data, this.#dataAt, at);
    this.#dataAt = at;
  }

  /** Ends what it was: everybody is hung up on, as Sentinels have it done. */
  #stop(): void {
    this.server.hangUp('all');
    this.follower?.stop();
    if (this.#state.phase === 'primary') this.#state.leader.stop();
  }

  #newServer(): CommandServer {
    const { condition, loop } = this.#parts;
    return new CommandServer({
      loop,
      clock: this.host.clock,
      refusal: kind => this.#refusal(kind),
      refusalToWrite: () => this.#refusalToWrite(),
      refusalToGrow: () =>
        condition.outOfMemory ? "OOM command not allowed when used memory > 'maxmemory'." : undefined,
      info: () => (this.isLoading ? `loading:1\r\n${this.#info}` : this.#info),
      history: () => (this.#state.phase === 'primary' ? this.#state.leader.history : undefined),
      links: () => (this.#state.phase === 'primary' ? this.#state.leader.links : []),
      catchUp: () => this.catchUp(),
      written: (at, unit) => this.#parts.watcher.written(at, unit, this.server.runner.data),
    });
  }

  #refusal(kind: Question['kind']): string | undefined {
    if (kind === 'hello') return undefined;
    if (this.#parts.condition.withoutRights)
      return `NOPERM this user has no permissions to run the '${kind === 'run' ? 'evalsha' : kind}' command`;
    if (this.isLoading && !NEEDS_NO_DATA.has(kind)) return 'LOADING Redis is loading the dataset in memory';
    return undefined;
  }

  #refusalToWrite(): string | undefined {
    const { fullDisk, minReplicas } = this.#parts.condition;
    if (this.#state.phase !== 'primary') return "READONLY You can't write against a read only replica.";
    if (fullDisk) return 'MISCONF Errors writing to the AOF file: No space left on device';
    if (minReplicas > 0 && this.#state.leader.goodReplicas < minReplicas)
      return 'NOREPLICAS Not enough good replicas to write.';
    return undefined;
  }
}

function infoText(role: 'master' | 'slave', replid: string, former: string): string {
  const ids = `master_replid:${replid}\r\nmaster_replid2:${former}\r\n`;
  const replication = `# Replication\r\nrole:${role}\r\n${ids}`;
  return `${replication}\r\n# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n`;
}
