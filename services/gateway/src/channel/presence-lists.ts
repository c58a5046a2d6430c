import { ok, type Result } from '@kittiwake/base';
import type { BrokerFailure } from '../broker/broker.ts';
import type { PresenceChange, PresenceStore } from '../broker/presence-store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LocalChannel } from './local-channel.ts';

/** What reading lists needs. */
export type PresenceListsDeps = {
  readonly store: Pick<PresenceStore, 'watch' | 'list'>;
  readonly log: Logger;
};

type Listed = Promise<Result<void, BrokerFailure>>;

/** The last read of a channel's list, and the one that begins when it is over, where somebody asked meanwhile. */
type Reading = {
  /** What was told while the list was on its way; `undefined` once it is here. */
  changes: PresenceChange[] | undefined;
  readonly done: Listed;
  next: Listed | undefined;
};

/**
 * Reads who is in this gateway's channels, and keeps it up to date by changes (SPEC E2, E3). A channel has one read at a
 * time: of two, the one that is answered last would undo what was told meanwhile, and one that did not wait until the channel
 * is watched would miss it. Whoever asks during a read gets the next, one for all of them.
 */
export class PresenceLists {
  readonly #deps: PresenceListsDeps;
  readonly #readings = new Map<LocalChannel, Reading>();

  constructor(deps: PresenceListsDeps) {
    this.#deps = deps;
  }

  /** Watches the channel, then reads its list anew: not before this is called. */
  read(channel: LocalChannel): Listed {
    if (channel.phase === 'closed') return Promise.resolve(ok());
    const last = this.#readings.get(channel);
    if (last?.changes === undefined) return this.#begin(channel);
    last.next ??= last.done.then(() => this.read(channel));
    return last.next;
  }

  /** How the newest read went, or goes; nothing to wait for where there was none. */
  last(channel: LocalChannel): Listed {
    const last = this.#readings.get(channel);
    return last?.next ?? last?.done ?? Promise.resolve(ok());
  }

  /** Applies a change that the store told. */
  take(channel: LocalChannel, change: PresenceChange): void {
    this.#readings.get(channel)?.changes?.push(change);
    channel.presence.apply(change);
  }

  /** Nobody is in the channel any more. */
  forget(channel: LocalChannel): void {
    this.#readings.delete(channel);
  }

  #begin(channel: LocalChannel): Listed {
    const changes: PresenceChange[] = [];
    const done = this.#read(channel, changes).finally(() => {
      reading.changes = undefined;
    });
    const reading: Reading = { changes, done, next: undefined };
    this.#readings.set(channel, reading);
    return done;
  }

  async #read(channel: LocalChannel, changes: PresenceChange[]): Listed {
    const { store, log } = this.#deps;
    const watching = await store.watch(channel.name);
    if (!watching.ok) return watching;
    // What was told before is in the list, or came late of a subscription that has ended, whose rest never came.
    changes.length = 0;
    const listed = await store.list(channel.name);
    if (!listed.ok) {
      log.warn('presence.list_failed', { kind: listed.error.kind });
      return listed;
    }
    channel.presence.replace(listed.value);
    for (const change of changes) channel.presence.apply(change);
    return ok();
  }
}
