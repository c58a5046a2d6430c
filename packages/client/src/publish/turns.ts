import type { ChannelName } from '@kittiwake/protocol';
import type { Entry } from './entry.ts';
import type { Lane } from './lane.ts';

/**
 * Numbered publishes of a channel that may be unanswered at a time. A gateway takes them in no other order than that of
 * their numbers, so a refusal of one is a refusal of those behind it; of publishes without a number nobody can say that.
 */
const LANE_WINDOW = 8;

type Turn = { isOver: boolean; lane: Lane | undefined; underWay: number };

/** Whose turn it is in each channel, while the queue is looked through in its order (SPEC K6, K16). */
export class Turns {
  readonly #former: ReadonlySet<Entry>;
  readonly #turns = new Map<ChannelName, Turn>();

  /** `former`: those that were sent on the connection before a move; everybody waits for their answers. */
  constructor(former: ReadonlySet<Entry>) {
    this.#former = former;
  }

  /** Whether it may be sent behind those of its channel that were looked at before. */
  mayGo(entry: Entry): boolean {
    const turn = this.#turns.get(entry.message.channel);
    if (turn === undefined) return true;
    if (turn.isOver) return false;
    if (turn.underWay === 0) return true;
    return turn.lane === entry.lane && turn.underWay < LANE_WINDOW && !entry.alone;
  }

  /** It was sent, and is not answered. */
  underWay(entry: Entry): void {
    const turn = this.#turn(entry);
    turn.isOver ||= this.#former.has(entry) || (entry.lane === undefined && entry.waited);
    if (entry.lane === undefined) return;
    turn.lane = entry.lane;
    turn.underWay += 1;
  }

  /** It waits, and so do all behind it. */
  over(entry: Entry): void {
    this.#turn(entry).isOver = true;
  }

  #turn({ message }: Entry): Turn {
    const turn = this.#turns.get(message.channel) ?? { isOver: false, lane: undefined, underWay: 0 };
    this.#turns.set(message.channel, turn);
    return turn;
  }
}
