import { type ChannelName, retryAfterClose } from '@kittiwake/protocol';
import type { ChannelMember } from './channel-member.ts';
import { Lanes } from './lanes.ts';
import type { SessionDeps } from './session-deps.ts';

/** Codes after which the client does not come back, but for the one that says that it is back already. */
function endsForGood(code: number): boolean {
  return code !== 4409 && retryAfterClose(code) === 'never';
}

/** The channels that one session is in, and the order in which it changes them. */
export class Memberships {
  readonly #deps: Pick<SessionDeps, 'hub' | 'presence'>;
  readonly #lanes = new Lanes<ChannelName>();
  readonly #members = new Map<ChannelName, ChannelMember>();
  #releasedWith: number | undefined;

  constructor(deps: Pick<SessionDeps, 'hub' | 'presence'>) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#members.size;
  }

  has(channel: ChannelName): boolean {
    return this.#members.has(channel);
  }

  /** Enters a membership, which may still be on its way. */
  add(channel: ChannelName, member: ChannelMember): void {
    this.#members.set(channel, member);
  }

  /** Ends a membership: nothing of the channel is sent from here on (SPEC C7). False where there was none. */
  end(channel: ChannelName): boolean {
    const member = this.#members.get(channel);
    if (member === undefined) return false;
    this.#members.delete(channel);
    this.#deps.hub.leave(channel, member.id);
    member.end();
    return true;
  }

  /** Runs what changes a membership after everything that changed the same one before. */
  change(channel: ChannelName, work: () => Promise<void>): Promise<void> {
    return this.#lanes.run(channel, work);
  }

  /** Gives all of them up at once, for a connection that ended with `code`. */
  release(code: number): void {
    this.#releasedWith ??= code;
    for (const [channel, { id }] of [...this.#members]) {
      this.end(channel);
      this.forget(channel, id);
    }
  }

  /**
   * Takes the member off the list of a channel, after the connection ended: at once where the client does not come back,
   * else after a while, so that a resume does not flicker (SPEC E5). Where the session goes on elsewhere its entry is of
   * the other gateway, and this does nothing (SPEC E4); here, the entry that it sets anew calls this off, also where this
   * connection waited so long for its own that the new one was there before.
   */
  forget(channel: ChannelName, member: ChannelMember['id']): void {
    if (this.#deps.presence.isShown(channel, member)) return;
    if (endsForGood(this.#releasedWith ?? 1006)) void this.#deps.presence.remove(channel, member);
    else this.#deps.presence.linger(channel, member);
  }
}
