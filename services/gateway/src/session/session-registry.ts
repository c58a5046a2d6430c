import type { SessionId, UserId } from '@kittiwake/protocol';
import type { Metrics } from '../metrics/metrics.ts';

/** What the registry does with a session; implemented by `Session`. */
export type RegisteredSession = {
  readonly id: SessionId;
  readonly user: UserId;
  /** Which connect of its session it is, where the client counts them. */
  readonly attempt: number | undefined;
  /** It was continued on another connection: give everything up and close 4409. */
  replaced(): void;
  /** A backend disconnected it: close 4410. */
  disconnected(): void;
};

/** The authenticated sessions of this gateway, by id and by user. */
export class SessionRegistry<S extends RegisteredSession = RegisteredSession> {
  readonly #metrics: Metrics;
  readonly #byId = new Map<SessionId, S>();
  readonly #byUser = new Map<UserId, Set<S>>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** All of them, as they stand now. */
  sessions(): readonly S[] {
    return [...this.#byId.values()];
  }

  get(id: SessionId): S | undefined {
    return this.#byId.get(id);
  }

  /** Sessions of one user here. */
  countOf(user: UserId): number {
    return this.#byUser.get(user)?.size ?? 0;
  }

  /** Enters a session; one that holds the same id here is replaced first. */
  add(session: S): void {
    this.#byId.get(session.id)?.replaced();
    this.#byId.set(session.id, session);
    const ofUser = this.#byUser.get(session.user) ?? new Set();
    this.#byUser.set(session.user, ofUser.add(session));
    this.#metrics.set('kittiwake_sessions', this.#byId.size);
  }

  /** Takes a session out; one that was replaced is out already. */
  remove(session: S): void {
    if (this.#byId.get(session.id) === session) this.#byId.delete(session.id);
    const ofUser = this.#byUser.get(session.user);
    ofUser?.delete(session);
    if (ofUser?.size === 0) this.#byUser.delete(session.user);
    this.#metrics.set('kittiwake_sessions', this.#byId.size);
  }

  /** Disconnects every session of a user; how many there were. */
  disconnectUser(user: UserId): number {
    const sessions = [...(this.#byUser.get(user) ?? [])];
    for (const session of sessions) session.disconnected();
    return sessions.length;
  }
}
