import type { PipeTrouble, SimHost, SimLoop, SimNetwork, SimPipe } from '@kittiwake/testkit';
import type { Announcement, Request } from './request.ts';

/** The client's end of a connection. */
export type ClientEnd = {
  /** Answers in the order of their commands, announcements in between. */
  received(items: readonly (Request | Announcement)[]): void;
  /** The server hung up. */
  closed(): void;
};

/** The server's end. */
export type ServerEnd = {
  receive(connection: SimConnection, requests: readonly Request[]): void;
  /** The client hung up. */
  left(connection: SimConnection): void;
};

/** What announcements suffer that go the way of those that did, and must not overtake them. */
const NO_TROUBLE: PipeTrouble = { duplicate: 0, reorder: 0, delayMs: 0 };

/**
 * How changes of presence begin. One connection to Redis repeats and swaps nothing, and presence relies on that: its changes
 * have no numbers. Publications have, and are troubled to try what looks at them.
 */
const PRESENCE = 'm ';

/** What a connection is made of. */
export type ConnectionParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly clientHost: SimHost;
  readonly serverHost: SimHost;
  readonly client: ClientEnd;
  readonly server: ServerEnd;
  /** What happens to announcements but those of presence, and to nothing else; the same object for the whole tier. */
  readonly trouble: { announcements: PipeTrouble | undefined };
};

/** One TCP connection. Everything of one moment travels together, as what is written in one turn does. */
export class SimConnection {
  readonly clientHost: SimHost;
  /** What the server keeps of its client. */
  readonly topics = new Set<string>();
  /** How much was written when the client's last command was done: what its WAIT waits for. */
  writtenIndex = 0;
  /** Commands that came while the one before them, a WAIT, blocks; `undefined` where none does. */
  blocked: Request[] | undefined;
  isOpen = true;
  readonly #parts: ConnectionParts;
  readonly #toServer: SimPipe;
  readonly #toClient: SimPipe;
  #troubled: SimPipe | undefined;
  #isMuted = false;
  #isAbandoned = false;
  #sending: Request[] = [];
  #sendingAtMs = -1;
  #answering: (Request | Announcement)[] = [];
  #answeringAtMs = -1;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.clientHost = parts.clientHost;
    this.#toServer = parts.network.pipe(parts.clientHost, parts.serverHost);
    this.#toClient = parts.network.pipe(parts.serverHost, parts.clientHost);
  }

  /** Sends a command. */
  submit(request: Request): void {
    const { nowMs } = this.#parts.loop;
    if (this.#sendingAtMs === nowMs) {
      this.#sending.push(request);
      return;
    }
    const batch = [request];
    this.#sending = batch;
    this.#sendingAtMs = nowMs;
    this.#toServer.send(() => this.#parts.server.receive(this, batch));
  }

  /** The client says that it sends no more. What it sent before is done before the server hangs up in turn. */
  finish(): void {
    this.#toServer.send(() => this.#parts.server.left(this));
  }

  /** The client listens no more. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#toClient.close();
    this.#troubled?.close();
  }

  /** Sends an answer. */
  answer(request: Request): void {
    if (this.isOpen && !this.#isMuted) this.#push(request);
  }

  announce(announcement: Announcement): void {
    const { announcements } = this.#parts.trouble;
    if (this.#isMuted) return;
    const isSpared = announcements === undefined && this.#troubled === undefined;
    if (isSpared || announcement.text.startsWith(PRESENCE)) this.#push(announcement);
    else this.#announceInTrouble(announcement, announcements ?? NO_TROUBLE);
  }

  /** Whether its client takes it for alive, and it is dead. */
  get isDeaf(): boolean {
    return this.#isMuted && !this.#isAbandoned;
  }

  /** Nothing that the server says arrives any more, and nobody is told: a dead connection that looks alive. */
  mute(): void {
    this.#isMuted = true;
  }

  /** The server hangs up, behind what it sent before. */
  hangUp(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.#isMuted) this.#toClient.send(() => this.#parts.client.closed());
  }

  #push(item: Request | Announcement): void {
    const { nowMs } = this.#parts.loop;
    if (this.#answeringAtMs === nowMs) {
      this.#answering.push(item);
      return;
    }
    const batch = [item];
    this.#answering = batch;
    this.#answeringAtMs = nowMs;
    this.#toClient.send(() => this.#parts.client.received(batch));
  }

  #announceInTrouble(announcement: Announcement, trouble: PipeTrouble): void {
    const { network, serverHost, clientHost, client } = this.#parts;
    if (this.#troubled === undefined) {
      this.#troubled = network.pipe(serverHost, clientHost);
      this.#troubled.follow(this.#toClient);
    }
    this.#troubled.trouble = trouble;
    this.#troubled.send(() => client.received([announcement]));
  }
}
