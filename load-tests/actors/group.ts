import { type Clock, every } from '../../packages/base/src/clock.ts';
import type { ChannelName, EventName } from '../../packages/protocol/src/ids.ts';
import type { GatewaySocketDeps } from '../lib/gateway-socket.ts';
import type { Measures } from '../lib/measures-port.ts';
import type { UseLoad } from '../lib/uses.ts';
import { Ledger } from './ledger.ts';
import { Member, type MemberDeps } from './member.ts';
import { Talker } from './talker.ts';

/** One group: some channels and everybody in them, all in one virtual user, so that it knows what each of them must get. */
export type GroupDeps = GatewaySocketDeps & {
  readonly clock: Clock;
  readonly measures: Measures;
  readonly load: UseLoad;
  /** Unique over all groups and runs. */
  readonly name: string;
};

/** How long everybody has to connect and join. */
const JOIN_MS = 30_000;

/** How long the stragglers have, once nobody talks any more. */
const SETTLE_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** A group of members and talkers with one beginning and one end. */
export class Group {
  readonly #deps: GroupDeps;
  readonly #members: Member[] = [];
  readonly #talkers: Talker[] = [];

  constructor(deps: GroupDeps) {
    this.#deps = deps;
    for (let index = 0; index < deps.load.channels; index++) this.#fill(index);
  }

  /** Connects everybody; `joined` is called once: with `false`, and all have left again, where somebody could not come in. */
  start(joined: (all: boolean) => void): void {
    for (const member of this.#members) member.socket.start();
    const whole = (): boolean => this.#members.every(member => member.whole);
    this.#when(whole, JOIN_MS, () => {
      const all = whole();
      if (!all) this.#leave();
      joined(all);
    });
  }

  /** The talkers begin, evenly spread over one of their pauses. */
  talk(): void {
    const { publishEveryMs } = this.#deps.load;
    for (const [index, talker] of this.#talkers.entries()) {
      talker.start((publishEveryMs * (index + 1)) / this.#talkers.length);
    }
  }

  /** Every connection breaks at once. */
  dropAll(): void {
    for (const member of this.#members) member.socket.drop();
  }

  /** Sessions in the group. */
  get size(): number {
    return this.#members.length;
  }

  /** The talkers stop; once everybody has everything, or the time to settle is over, all leave and report. */
  finish(): void {
    for (const talker of this.#talkers) talker.stop();
    const settled = (): boolean =>
      this.#talkers.every(talker => talker.unanswered === 0) &&
      this.#members.every(member => member.whole && member.behind === 0);
    this.#when(settled, SETTLE_MS, () => this.#leave());
  }

  #leave(): void {
    for (const member of this.#members) member.finish();
  }

  #when(condition: () => boolean, withinMs: number, then: () => void): void {
    const { clock } = this.#deps;
    const beganAtMs = clock.monotonicMs();
    const timer = every(clock, LOOK_EVERY_MS, () => {
      if (!condition() && clock.monotonicMs() - beganAtMs < withinMs) return;
      timer.cancel();
      then();
    });
  }

  #fill(index: number): void {
    const { load, name } = this.#deps;
    const channel = `${load.channelPrefix}:load-${name}-${index}` as ChannelName;
    const deps: MemberDeps = { ...this.#deps, channel, ledger: new Ledger() };
    for (let seat = 0; seat < load.members; seat++) {
      if (seat >= load.talkers) {
        this.#members.push(new Member(deps));
        continue;
      }
      const talker = new Talker(deps, {
        name: `${name}-${index}-${seat}`,
        event: load.event as EventName,
        everyMs: load.publishEveryMs,
        text: 'x'.repeat(load.textBytes),
      });
      this.#talkers.push(talker);
      this.#members.push(talker.member);
    }
  }
}
