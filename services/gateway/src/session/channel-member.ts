import type { Bytes } from '@kittiwake/base';
import type { Format, Publication, SessionId, UserId } from '@kittiwake/protocol';
import type { Broadcast, Member } from '../channel/member.ts';
import { sharedBroadcast } from '../protocol/encode.ts';
import type { Outlet } from './outlet.ts';
import type { Pacer } from './pacer.ts';
import type { ReplayTurns } from './replay-turns.ts';

/** What a membership needs of its session. */
export type ChannelMemberDeps = {
  readonly id: SessionId;
  readonly user: UserId;
  readonly format: Format;
  readonly pacer: Pick<Pacer, 'hasRoom' | 'spend' | 'whenRoom'>;
  readonly turns: Pick<ReplayTurns, 'take'>;
  readonly outlet: Outlet;
  /** Whether the session may see presence in this channel at this moment (SPEC A6). */
  readonly seesPresence: () => boolean;
  /** More waits behind the replay than may. */
  readonly onOverflow: () => void;
};

/** What may wait behind a replay that is still under way: live messages, and their bytes. */
const WAITING_MAX = { messages: 8_192, bytes: 1_048_576 } as const;

/** Of a replay, sent in one turn of the event loop: about one write. */
const PIECE_BYTES: Bytes = 65_536;

/**
 * One membership of a session. While its replay is on its way, what is live waits behind it, so that nothing is out of
 * order (SPEC C2); afterwards a delivery is one write.
 */
export class ChannelMember implements Member {
  readonly id: SessionId;
  readonly user: UserId;
  readonly #deps: ChannelMemberDeps;
  /** In the order in which the client gets them; `#next` is the first that was not sent. */
  #owed: Broadcast[] = [];
  #next = 0;
  /** Of what is owed, how many are of the replay; the others were live meanwhile. */
  #replayed = 0;
  #waiting: { messages: number; bytes: number } = { messages: 0, bytes: 0 };
  #ended = false;

  constructor(deps: ChannelMemberDeps) {
    this.#deps = deps;
    this.id = deps.id;
    this.user = deps.user;
  }

  get seesPresence(): boolean {
    return this.#deps.seesPresence();
  }

  deliver(message: Broadcast): void {
    if (this.#owed.length === 0) this.#deps.outlet.give(message);
    else this.#wait(message);
  }

  /** Sends what a resume owes up to `offset`, where the member joins, as fast as the peer reads it. */
  replay(publications: readonly Publication[], offset: number): void {
    this.#deps.outlet.joinedAt(offset);
    this.#owed = publications.map(sharedBroadcast);
    this.#replayed = publications.length;
    this.#send();
  }

  /** The membership is over: what was not sent yet never is (SPEC C7). */
  end(): void {
    this.#ended = true;
    this.#owed = [];
    this.#deps.outlet.end();
  }

  #send(): void {
    const { pacer, turns, outlet, format } = this.#deps;
    for (let sentBytes = 0; ; ) {
      const message = this.#owed[this.#next];
      if (message === undefined || this.#ended) break;
      if (!pacer.hasRoom) {
        pacer.whenRoom(() => turns.take(() => this.#send()));
        return;
      }
      if (sentBytes >= PIECE_BYTES) {
        turns.take(() => this.#send());
        return;
      }
      const { length } = message.frame(format).payload;
      pacer.spend(length);
      sentBytes += length;
      this.#next += 1;
      if (this.#next <= this.#replayed) outlet.replay(message);
      else outlet.give(message);
    }
    this.#owed = [];
    this.#next = 0;
    this.#waiting = { messages: 0, bytes: 0 };
  }

  #wait(message: Broadcast): void {
    const bytes = this.#waiting.bytes + message.frame(this.#deps.format).payload.length;
    this.#waiting = { messages: this.#waiting.messages + 1, bytes };
    if (this.#waiting.messages > WAITING_MAX.messages || bytes > WAITING_MAX.bytes) this.#deps.onOverflow();
    else this.#owed.push(message);
  }
}
