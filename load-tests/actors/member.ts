import type { Clock } from '../../packages/base/src/clock.ts';
import type { ChannelName } from '../../packages/protocol/src/ids.ts';
import type { Joined } from '../../packages/protocol/src/messages/joined.ts';
import type { Publication } from '../../packages/protocol/src/messages/publication.ts';
import type { Truncated } from '../../packages/protocol/src/messages/truncated.ts';
import type { ServerMessage } from '../../packages/protocol/src/server-message.ts';
import { ChannelCursor } from '../lib/channel-cursor.ts';
import { GatewaySocket, type GatewaySocketDeps } from '../lib/gateway-socket.ts';
import type { Measures } from '../lib/measures-port.ts';
import type { Ledger } from './ledger.ts';

/** What a member needs besides a socket. */
export type MemberDeps = GatewaySocketDeps & {
  readonly clock: Clock;
  readonly measures: Measures;
  readonly channel: ChannelName;
  readonly ledger: Ledger;
};

const JOIN_REF = 2;

/** A session in one channel: joins, resumes where it stood, and checks that every publication comes once and in order. */
export class Member {
  readonly #deps: MemberDeps;
  readonly #cursor = new ChannelCursor();
  readonly socket: GatewaySocket;
  /** When it lost its connection; it is whole again once it has caught up to `#owedOffset`. */
  #cutAtMs: number | undefined;
  #owedOffset: number | undefined;
  /** Told since it was cut that something cannot be had. */
  #told = false;
  #joinedOnce = false;

  constructor(deps: MemberDeps, hear: (message: ServerMessage) => void = () => undefined) {
    this.#deps = deps;
    this.socket = new GatewaySocket(deps, {
      ready: () => this.#join(),
      message: message => {
        this.#message(message);
        hear(message);
      },
      cut: () => this.#cut(),
      refused: () => deps.measures.refused(1),
      ended: why => console.error(`a member of ${deps.channel} gave up: ${why}`),
    });
  }

  /** Whether it is in the channel and has everything that it was promised at the join. */
  get whole(): boolean {
    return this.#joinedOnce && this.#cutAtMs === undefined;
  }

  /** Publications that are known to be stored and have not come yet. */
  get behind(): number {
    return this.#cursor.behind(this.#deps.ledger.offset);
  }

  /** Leaves, and reports what never came. */
  finish(): void {
    this.socket.stop();
    const { measures } = this.#deps;
    if (this.#cutAtMs !== undefined) measures.resumed(false);
    measures.lost(this.#cursor.lost + this.behind);
  }

  #join(): void {
    const { position } = this.#cursor;
    const resume = position === undefined ? {} : { position };
    this.socket.send({ type: 'join', ref: JOIN_REF, channel: this.#deps.channel, ...resume });
  }

  #message(message: ServerMessage): void {
    if (message.type === 'publication') this.#publication(message);
    else if (message.type === 'joined') this.#joined(message);
    else if (message.type === 'truncated') this.#moved(message);
    else if (message.type === 'error') this.#error(message.kind, message.ref);
  }

  #joined(joined: Joined): void {
    this.#joinedOnce = true;
    this.#moved(joined);
    this.#owedOffset = joined.position.offset;
    this.#caughtUp();
  }

  #moved({ position, resume }: Joined | Truncated): void {
    if (resume.outcome === 'truncated') this.#deps.ledger.truncated(resume.divergedAt);
    if (resume.outcome !== 'fresh' && resume.outcome !== 'recovered') {
      this.#told = true;
      this.#deps.measures.told(1);
    }
    this.#cursor.joined(position, resume);
  }

  #publication({ position, data }: Publication): void {
    const { measures, clock } = this.#deps;
    const verdict = this.#cursor.take(position);
    if (verdict === 'duplicate') measures.duplicated(1);
    if (verdict === 'late') measures.reordered(1);
    // What was replayed after a cut was late because of the cut: it counts as resume time, not as latency.
    if (this.#cutAtMs === undefined) {
      const sentAtMs = sentAt(data);
      if (sentAtMs !== undefined) measures.deliveredAfter(clock.nowMs() - sentAtMs);
    }
    this.#caughtUp();
  }

  #caughtUp(): void {
    const { measures, clock } = this.#deps;
    if (this.#cutAtMs === undefined || this.#owedOffset === undefined) return;
    if (this.#cursor.behind(this.#owedOffset) > 0) return;
    measures.resumedAfter(clock.monotonicMs() - this.#cutAtMs);
    measures.resumed(!this.#told);
    this.#cutAtMs = undefined;
    this.#told = false;
  }

  #cut(): void {
    this.#owedOffset = undefined;
    if (!this.#joinedOnce || this.#cutAtMs !== undefined) return;
    this.#cutAtMs = this.#deps.clock.monotonicMs();
    this.#deps.measures.cut(1);
  }

  #error(kind: string, ref: number | undefined): void {
    if (ref === JOIN_REF) console.error(`join of ${this.#deps.channel} was refused: ${kind}`);
  }
}

/** When the talker sent it, by this same process's clock. */
function sentAt(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('sentAtMs' in data)) return undefined;
  return typeof data.sentAtMs === 'number' ? data.sentAtMs : undefined;
}
