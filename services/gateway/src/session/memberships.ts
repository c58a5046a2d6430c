import type { ChannelName, SessionId } from '@kittiwake/protocol';
import { Lanes } from './lanes.ts';
import type { SessionDeps } from './session-deps.ts';

/** The channels that one session is in, and the order in which it changes them. */
export class Memberships {
  /** Names of the channels; handlers add and delete. */
  readonly channels = new Set<ChannelName>();
  readonly #deps: Pick<SessionDeps, 'hub' | 'presence'>;
  readonly #lanes = new Lanes<ChannelName>();

  constructor(deps: Pick<SessionDeps, 'hub' | 'presence'>) {
    this.#deps = deps;
  }

  /** Runs what changes a membership after everything that changed the same one before. */
  change(channel: ChannelName, work: () => Promise<void>): Promise<void> {
    return this.#lanes.run(channel, work);
  }

  /**
   * Gives all of them up at once. What the member shows of itself lingers after a break, so that a resume does not flicker;
   * it goes at once where the client closed, and is left alone where the session goes on elsewhere (SPEC E4, E5).
   */
  release(member: SessionId, code: number): void {
    for (const channel of this.channels) {
      this.#deps.hub.leave(channel, member);
      if (code === 1000) void this.#deps.presence.remove(channel, member);
      else if (code !== 4409) this.#deps.presence.linger(channel, member);
    }
    this.channels.clear();
  }
}
