import type { SimHost } from '@kittiwake/testkit';
import type { Reply } from '../keyspace/script-runner.ts';
import type { ClientEnd, SimConnection } from '../server/connection.ts';
import { type Announcement, type Asker, Request } from '../server/request.ts';
import type { TierAccess } from './tier-access.ts';

/** What a link is made of. */
export type ProbeLinkParts = {
  readonly node: string;
  readonly host: SimHost;
  readonly tier: Pick<TierAccess, 'dial'>;
};

/** A connection for questions to one server, without any of what lanes need: it is made anew when it fails. */
export class ProbeLink implements ClientEnd {
  readonly #parts: ProbeLinkParts;
  /** Who asked, in the order of the questions. */
  readonly #asked: Asker[] = [];
  #wire: SimConnection | undefined;
  #phase: 'new' | 'dialing' | 'open' | 'closed' = 'new';

  constructor(parts: ProbeLinkParts) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  /** `INFO replication`; rejects where the connection fails, or the server refuses. */
  info(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      if (this.#phase === 'open') this.#send({ resolve, reject });
      else if (this.#phase === 'new') this.#dial();
    });
  }

  /** Gives it up. */
  close(): void {
    if (this.#phase === 'open') this.#wire?.finish();
    this.closed();
  }

  received(items: readonly (Request | Announcement)[]): void {
    for (const item of items) {
      if (!(item instanceof Request)) continue;
      this.#asked.shift();
      if (item.refusal === undefined) item.asker.resolve(item.reply);
      else item.asker.reject(new Error(item.refusal));
    }
  }

  closed(): void {
    this.#phase = 'closed';
    this.#wire?.abandon();
    for (const { reject } of this.#asked.splice(0)) reject(new Error('Connection is closed.'));
  }

  #dial(): void {
    this.#phase = 'dialing';
    const { node, host, tier } = this.#parts;
    this.#wire = tier.dial({ node, host, client: this, dialed: isTaken => this.#dialed(isTaken) });
  }

  #dialed(isTaken: boolean): void {
    if (this.#phase !== 'dialing') return;
    if (!isTaken) {
      this.closed();
      return;
    }
    this.#phase = 'open';
    for (const asker of this.#asked) this.#send(asker);
  }

  /** The login travels with the question. */
  #send(asker: Asker): void {
    this.#wire?.submit(new Request({ kind: 'info' }, asker, this.#parts.host.clock.monotonicMs()));
  }
}
