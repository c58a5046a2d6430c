import { every, type Timer } from '../../packages/base/src/clock.ts';
import type { EventName } from '../../packages/protocol/src/ids.ts';
import type { ServerMessage } from '../../packages/protocol/src/server-message.ts';
import { Member, type MemberDeps } from './member.ts';

/** How a talker talks. */
export type Talk = {
  /** Unique among all talkers: part of its idempotency keys. */
  readonly name: string;
  readonly event: EventName;
  readonly everyMs: number;
  readonly text: string;
};

type Pending = { readonly n: number; readonly sentAtMs: number };

/** More than this unanswered, and it waits: a talker is a person, not a flood. */
const PENDING_MAX = 100;
const FIRST_REF = 10;

/** A member that publishes at a steady pace and sends again, with the same key, what was not acknowledged. */
export class Talker {
  readonly member: Member;
  readonly #deps: MemberDeps;
  readonly #talk: Talk;
  readonly #pending = new Map<number, Pending>();
  #ref = FIRST_REF;
  #n = 0;
  #timer: Timer | undefined;
  #complained = false;

  constructor(deps: MemberDeps, talk: Talk) {
    this.#deps = deps;
    this.#talk = talk;
    this.member = new Member(deps, message => this.#hear(message));
  }

  /** Begins to publish, `afterMs` from now: people do not all speak on the same beat. */
  start(afterMs: number): void {
    const { clock } = this.#deps;
    this.#timer ??= clock.after(afterMs, () => {
      this.#timer = every(clock, this.#talk.everyMs, () => this.#say());
      this.#say();
    });
  }

  /** Says nothing new; what is under way is still sent again until it is acknowledged. */
  stop(): void {
    this.#timer?.cancel();
  }

  /** Publications without an acknowledgement. */
  get unanswered(): number {
    return this.#pending.size;
  }

  #say(): void {
    if (this.#pending.size >= PENDING_MAX || !this.member.whole) return;
    this.#n += 1;
    this.#send({ n: this.#n, sentAtMs: this.#deps.clock.nowMs() });
  }

  #send(pending: Pending): void {
    const ref = this.#ref;
    this.#ref += 1;
    this.#pending.set(ref, pending);
    const { name, event, text } = this.#talk;
    this.member.socket.send({
      type: 'publish',
      ref,
      channel: this.#deps.channel,
      event,
      data: { text, n: pending.n, sentAtMs: pending.sentAtMs },
      ack: 'primary',
      key: `${name}-${pending.n}`,
    });
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'ack') this.#acked(message.ref, message.position?.offset);
    else if (message.type === 'joined') this.#sendAgain();
    else if (message.type === 'error' && message.ref !== undefined)
      this.#failed(message.ref, message.kind, message.retryAfterMs);
  }

  #acked(ref: number, offset: number | undefined): void {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return;
    this.#pending.delete(ref);
    this.#deps.measures.ackedAfter(this.#deps.clock.nowMs() - pending.sentAtMs);
    if (offset !== undefined) this.#deps.ledger.acked(offset);
  }

  /** A new connection knows nothing of the refs of the old one; the keys make sending again harmless. */
  #sendAgain(): void {
    const unanswered = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of unanswered) this.#send(pending);
  }

  #failed(ref: number, kind: string, retryAfterMs = 500): void {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return;
    if (kind !== 'unknown_outcome' && kind !== 'broker_unavailable' && kind !== 'rate_limited') {
      this.#pending.delete(ref);
      this.#deps.measures.rejected(1);
      if (!this.#complained) console.error(`publishes in ${this.#deps.channel} are refused: ${kind}`);
      this.#complained = true;
      return;
    }
    this.#deps.clock.after(retryAfterMs, () => {
      if (this.#pending.delete(ref)) this.#send(pending);
    });
  }
}
