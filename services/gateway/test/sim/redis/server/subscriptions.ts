import type { SimConnection } from './connection.ts';
import type { Announcement } from './request.ts';

/** Who is subscribed to what on one server. */
export class Subscriptions {
  readonly #byTopic = new Map<string, Set<SimConnection>>();

  /** Whether anybody is subscribed to anything. */
  get areAny(): boolean {
    return this.#byTopic.size > 0;
  }

  /** Gives how many topics the connection is subscribed to then. */
  add(connection: SimConnection, topics: readonly string[]): number {
    for (const topic of topics) {
      connection.topics.add(topic);
      const subscribers = this.#byTopic.get(topic);
      if (subscribers === undefined) this.#byTopic.set(topic, new Set([connection]));
      else subscribers.add(connection);
    }
    return connection.topics.size;
  }

  remove(connection: SimConnection, topics: Iterable<string>): number {
    for (const topic of topics) {
      connection.topics.delete(topic);
      const subscribers = this.#byTopic.get(topic);
      if (subscribers?.delete(connection) && subscribers.size === 0) this.#byTopic.delete(topic);
    }
    return connection.topics.size;
  }

  /** Tells who is subscribed; gives how many those are. */
  announce(announcement: Announcement): number {
    const subscribers = this.#byTopic.get(announcement.topic);
    if (subscribers === undefined) return 0;
    for (const connection of subscribers) {
      // The kernel of a process that died has hung up for it.
      if (connection.clientHost.phase === 'dead') this.remove(connection, [...connection.topics]);
      else connection.announce(announcement);
    }
    return subscribers.size;
  }
}
