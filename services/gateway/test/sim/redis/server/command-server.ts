import type { Clock } from '@kittiwake/base';
import type { SimHost, SimLoop } from '@kittiwake/testkit';
import { HVALS } from '../keyspace/hash-commands.ts';
import { PUBLISH } from '../keyspace/key-commands.ts';
import type { Effects } from '../keyspace/keyspace.ts';
import { Refused } from '../keyspace/refused.ts';
import { type Reply, type Script, ScriptRunner } from '../keyspace/script-runner.ts';
import type { ServerEnd, SimConnection } from './connection.ts';
import type { History, Point } from './history.ts';
import type { ReplicaLink } from './replica-link.ts';
import { ReplicaWaits } from './replica-waits.ts';
import type { Question, Request } from './request.ts';
import { Subscriptions } from './subscriptions.ts';

/** What the server of commands needs to know of the node that it serves for. */
export type ServedNode = {
  readonly loop: SimLoop;
  readonly clock: Clock;
  /** Why a command of this kind is refused. */
  refusal(kind: Question['kind']): string | undefined;
  refusalToWrite(): string | undefined;
  refusalToGrow(): string | undefined;
  /** `INFO replication`. */
  info(): string;
  /** What is written into; `undefined` on a replica. */
  history(): History | undefined;
  links(): readonly ReplicaLink[];
  /** Something was written. */
  written(at: Point, unit: Effects): void;
  /** Brings a replica's data up to date: nobody does as long as nobody reads it. */
  catchUp(): void;
};

/** Takes commands from connections, one after the other. */
export class CommandServer implements ServerEnd {
  readonly runner: ScriptRunner;
  readonly subscriptions = new Subscriptions();
  readonly #node: ServedNode;
  readonly #waits: ReplicaWaits;
  readonly #connections = new Set<SimConnection>();
  readonly #scripts = new Set<Script>();
  #pausedUntilMs = 0;
  #postponed: { readonly connection: SimConnection; readonly requests: readonly Request[] }[] = [];

  constructor(node: ServedNode) {
    this.#node = node;
    const refusals = { toWrite: () => node.refusalToWrite(), toGrow: () => node.refusalToGrow() };
    this.runner = new ScriptRunner(refusals, (topic, text) => this.subscriptions.announce({ topic, text }));
    this.#waits = new ReplicaWaits({
      clock: node.clock,
      links: () => node.links(),
      resume: (connection, requests) => this.receive(connection, requests),
    });
  }

  accept(connection: SimConnection): void {
    this.#connections.add(connection);
  }

  receive(connection: SimConnection, requests: readonly Request[]): void {
    if (!connection.isOpen) return;
    // Until what was postponed is done, however late: a process that hangs meanwhile wakes up with newer commands first.
    if (this.#pausedUntilMs > 0) {
      this.#postponed.push({ connection, requests });
      return;
    }
    for (const request of requests) {
      if (connection.blocked !== undefined) connection.blocked.push(request);
      else this.#execute(connection, request);
    }
  }

  left(connection: SimConnection): void {
    this.#waits.forget(connection);
    this.subscriptions.remove(connection, [...connection.topics]);
    this.#connections.delete(connection);
    connection.hangUp();
  }

  /** Hangs up on clients: on those that are subscribed, or on all. */
  hangUp(whom: 'subscribers' | 'all'): void {
    for (const connection of [...this.#connections])
      if (whom === 'all' || connection.topics.size > 0) this.left(connection);
  }

  /** What is said to this host's subscribers is lost on the way. */
  mute(host: SimHost): void {
    for (const connection of this.#connections)
      if (connection.clientHost === host && connection.topics.size > 0) connection.mute();
  }

  /** What is sent to the subscribers of a client's machine is lost from here on, and nobody hears of it. */
  deafen(client: string): void {
    for (const connection of this.#connections)
      if (connection.clientHost.name === client && connection.topics.size > 0) connection.mute();
  }

  /** Whether a subscriber of a process on that machine is dead and looks alive. */
  isDeaf(client: string): boolean {
    return [...this.#connections].some(
      ({ clientHost, isDeaf }) => isDeaf && clientHost.name === client && clientHost.phase !== 'dead',
    );
  }

  /** `SCRIPT FLUSH`. */
  forgetScripts(): void {
    this.#scripts.clear();
  }

  /** `CLIENT PAUSE`: commands wait for `ms`, and are taken in order then. */
  pauseClients(ms: number): void {
    const { loop, clock } = this.#node;
    const untilMs = loop.nowMs + ms;
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
    clock.after(ms, () => {
      if (this.#pausedUntilMs > untilMs) return;
      this.#pausedUntilMs = 0;
      const postponed = this.#postponed;
      this.#postponed = [];
      for (const { connection, requests } of postponed) this.receive(connection, requests);
    });
  }

  /** Hands what was written to the history, and with it to the replicas. */
  tell(): void {
    const { data } = this.runner;
    const history = this.#node.history();
    const unit = data.effects;
    if (history === undefined || unit === undefined || unit.length === 0) return;
    data.effects = [];
    this.#node.written(history.head, unit);
    history.append(unit, this.#node.loop.nowMs);
    for (const link of this.#node.links()) link.send(unit);
  }

  #execute(connection: SimConnection, request: Request): void {
    try {
      const reply = this.#answer(connection, request);
      // A WAIT that blocks is answered later.
      if (reply === undefined) return;
      request.reply = reply;
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      request.refusal = reason.message;
    }
    this.tell();
    connection.writtenIndex = this.#node.history()?.length ?? 0;
    connection.answer(request);
  }

  #answer(connection: SimConnection, request: Request): Reply | undefined {
    const { question } = request;
    const refusal = this.#node.refusal(question.kind);
    if (refusal !== undefined) throw new Refused(refusal);
    this.runner.data.nowMs = this.#node.clock.nowMs();
    switch (question.kind) {
      case 'hello':
        return 'OK';
      case 'info':
        return this.#node.info();
      case 'run':
        return this.#run(question.script, question);
      case 'publish':
        return this.runner.command(PUBLISH, [question.topic, question.text]);
      case 'hvals':
        this.#node.catchUp();
        return this.runner.command(HVALS, [question.key]);
      case 'subscribe':
        return this.subscriptions.add(connection, question.topics);
      case 'unsubscribe':
        return this.subscriptions.remove(connection, question.topics);
      case 'wait':
        return this.#wait(connection, request, question);
    }
  }

  #run(
    script: Script,
    { args, whole }: { readonly args: readonly string[]; readonly whole: boolean },
  ): Reply {
    if (whole) this.#scripts.add(script);
    else if (!this.#scripts.has(script)) throw new Refused('NOSCRIPT No matching script. Please use EVAL.');
    this.#node.catchUp();
    return this.runner.run(script, args);
  }

  #wait(
    connection: SimConnection,
    request: Request,
    { replicas, timeoutMs }: { readonly replicas: number; readonly timeoutMs: number },
  ): number | undefined {
    if (this.#node.history() === undefined)
      throw new Refused('ERR WAIT cannot be used with replica instances.');
    return this.#waits.wait(connection, request, { replicas, timeoutMs, index: connection.writtenIndex });
  }
}
