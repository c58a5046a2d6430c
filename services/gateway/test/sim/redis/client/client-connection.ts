import { assert, type Timer } from '@kittiwake/base';
import type { SimHost } from '@kittiwake/testkit';
import type { LaneName } from '../../../../src/broker/redis/redis-client.ts';
import { REDIS_TIMING } from '../../../../src/broker/redis/redis-timing.ts';
import type { ScriptName } from '../../../../src/broker/redis/scripts.ts';
import type { Reply, Script } from '../keyspace/script-runner.ts';
import type { ClientEnd, SimConnection } from '../server/connection.ts';
import { type Announcement, type Asker, type Question, Request } from '../server/request.ts';
import { InFlight, settle } from './in-flight.ts';
import { ReplyError } from './reply-error.ts';
import type { TierAccess } from './tier-access.ts';
import type { Watch, Watched } from './watch.ts';

/** What a connection tells its client. */
export type ConnectionEvents = {
  ready(): void;
  failed(reason: Error): void;
  closed(): void;
  message(topic: string, text: string): void;
};

/** What a connection is made of. */
export type ClientConnectionParts = {
  readonly node: string;
  readonly lane: LaneName;
  readonly host: SimHost;
  readonly tier: TierAccess;
  readonly watch: Watch;
  readonly events: ConnectionEvents;
};

const FLUSHED =
  'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.';
const NOT_WRITABLE = "Stream isn't writeable and enableOfflineQueue options is false";
/** `maxLoadingRetryTime`. */
const LOADING_RETRY_MS = 500;

/** One connection of ioredis, from the first packet to the last: greeting, commands in flight, and how it ends. */
export class ClientConnection implements ClientEnd, Watched {
  stage: 'dialing' | 'greeting' | 'ready' | 'closed' = 'dialing';
  readonly #parts: ClientConnectionParts;
  readonly #inFlight: InFlight;
  /** Scripts whose text went over this connection. */
  readonly #loaded = new Set<Script>();
  #wire: SimConnection | undefined;
  #isEnding = false;
  #timer: Timer | undefined;

  constructor(parts: ClientConnectionParts) {
    this.#parts = parts;
    const silenceMs = parts.lane === 'subscriber' ? undefined : REDIS_TIMING.silenceMs;
    this.#inFlight = new InFlight({ commandMs: REDIS_TIMING.commandMs, silenceMs });
  }

  open(): void {
    const { tier, node, host, watch } = this.#parts;
    watch.add(this);
    this.#timer = host.clock.after(REDIS_TIMING.connectMs, () => this.#fail(new Error('connect ETIMEDOUT')));
    this.#wire = tier.dial({ node, host, client: this, dialed: isTaken => this.#dialed(isTaken) });
  }

  /** Sends a command of the lane. */
  ask(question: Question): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#isWritable) this.#submit(question, { resolve, reject });
      else reject(new Error(NOT_WRITABLE));
    });
  }

  /** Runs a script: the first time with its text, as ioredis does, whatever comes of that. */
  run(name: ScriptName, args: readonly string[]): Promise<Reply> {
    const script = this.#parts.tier.script(name);
    const whole = !this.#loaded.has(script);
    if (this.#isWritable) this.#loaded.add(script);
    return this.ask({ kind: 'run', script, args, whole });
  }

  /** Says that nothing more is sent; a server that hangs does not close its end, so it is torn down soon. */
  end(): void {
    if (this.#isEnding || this.stage === 'closed') return;
    this.#isEnding = true;
    if (this.stage !== 'dialing') this.#wire?.finish();
    this.#timer?.cancel();
    this.#timer = this.#parts.host.clock.after(REDIS_TIMING.disconnectMs, () => this.#close());
  }

  /** Tears it down at once: another server leads, and this one may hang. */
  destroy(): void {
    this.#close();
  }

  received(items: readonly (Request | Announcement)[]): void {
    for (const item of items) {
      if (this.stage === 'closed') return;
      if (item instanceof Request) this.#answered(item);
      else this.#parts.events.message(item.topic, item.text);
    }
    this.#inFlight.heard(this.#parts.host.clock.monotonicMs());
  }

  closed(): void {
    this.#close();
  }

  expire(nowMs: number): number {
    this.#inFlight.expire(nowMs);
    if (this.#inFlight.isSilent(nowMs))
      this.#fail(new Error('Socket timeout. Expecting data, but none came.'));
    return this.#inFlight.nextDeadlineMs();
  }

  get #isWritable(): boolean {
    return this.stage === 'ready' && !this.#isEnding;
  }

  #submit(question: Question, asker: Asker): void {
    const request = new Request(question, asker, this.#parts.host.clock.monotonicMs());
    this.#parts.watch.arm(this.#inFlight.add(request));
    this.#wire?.submit(request);
  }

  #answered(request: Request): void {
    assert(this.#inFlight.shift() === request, 'answers come in the order of their commands');
    const { refusal, question } = request;
    if (request.settled) return;
    if (refusal === undefined) {
      request.settled = true;
      request.asker.resolve(request.reply);
    } else if (question.kind === 'run' && refusal.startsWith('NOSCRIPT')) this.#runWhole(request, question);
    else {
      if (this.stage === 'ready' && refusal.startsWith('READONLY')) this.end();
      settle(request, new ReplyError(refusal));
    }
  }

  /** Redis has forgotten the script: it is sent once more, with its text, behind everything that is under way. */
  #runWhole(request: Request, question: Question & { readonly kind: 'run' }): void {
    if (this.#isWritable) this.#submit({ ...question, whole: true }, request.asker);
    else settle(request, new Error(NOT_WRITABLE));
  }

  #dialed(isTaken: boolean): void {
    if (this.stage !== 'dialing') return;
    if (!isTaken) this.#fail(new Error('connect ECONNREFUSED'));
    else if (this.#isEnding) this.#close();
    else this.#greet();
  }

  #greet(): void {
    this.#timer?.cancel();
    this.stage = 'greeting';
    this.#submit(
      { kind: 'hello' },
      { resolve: () => this.#checkReady(), reject: reason => this.#giveUp(reason) },
    );
  }

  /** Ready is a server that has loaded its data and says that it is a primary. */
  #checkReady(): void {
    if (this.stage !== 'greeting' || this.#isEnding) return;
    const { host, events } = this.#parts;
    const ready = (): void => {
      this.stage = 'ready';
      events.ready();
    };
    const resolve = (info: Reply): void => {
      if (this.stage !== 'greeting' || this.#isEnding) return;
      if (String(info).includes('loading:1')) host.clock.after(LOADING_RETRY_MS, () => this.#checkReady());
      else if (String(info).includes('role:master')) ready();
      else this.end();
    };
    // Without the right to ask, ioredis takes it for granted.
    const reject = (reason: Error): void => {
      if (reason.message.startsWith('NOPERM')) ready();
      else this.#giveUp(reason);
    };
    this.#submit({ kind: 'info' }, { resolve, reject });
  }

  /** A greeting that failed: it says so and ends. */
  #giveUp(reason: Error): void {
    if (this.stage === 'closed') return;
    this.#parts.events.failed(reason);
    this.end();
  }

  /** The socket broke, or is destroyed. */
  #fail(reason: Error): void {
    if (this.stage === 'closed') return;
    this.#parts.events.failed(reason);
    this.#close();
  }

  #close(): void {
    if (this.stage === 'closed') return;
    if (!this.#isEnding && this.stage !== 'dialing') this.#wire?.finish();
    this.stage = 'closed';
    this.#timer?.cancel();
    this.#wire?.abandon();
    this.#parts.watch.remove(this);
    this.#parts.events.closed();
    this.#inFlight.rejectAll(new Error(FLUSHED));
  }
}
