import assert from 'node:assert/strict';
import {
  type ClientMessage,
  type Format,
  jsonCodec,
  type Publication,
  type ServerMessage,
  type WireData,
} from '@kittiwake/protocol';
import { msgpackCodec } from '@kittiwake/protocol/msgpack';
import type { WebSocket } from 'ws';
import { within } from './deadline.ts';

type OfType<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
/** A message that asks for an answer, without the `ref` that `ask` gives it. */
export type Question = ClientMessage extends infer M
  ? M extends { ref?: number }
    ? Omit<M, 'ref'>
    : never
  : never;

/**
 * A client of the tests: a real WebSocket that speaks kittiwake.v1 by the codecs, keeps all that it is sent, and answers
 * pings. Everything that it waits for has a deadline.
 */
export class TestPeer {
  readonly ws: WebSocket;
  readonly format: Format;
  /** Everything that came but pings, oldest first. */
  readonly received: ServerMessage[] = [];
  answersPings = true;
  readonly #codec: typeof jsonCodec;
  readonly #closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  readonly #taken = new Set<ServerMessage>();
  #ended = false;
  #wake: (() => void)[] = [];
  #ref = 0;

  constructor(ws: WebSocket, format: Format = 'json') {
    this.ws = ws;
    this.format = format;
    this.#codec = format === 'json' ? jsonCodec : msgpackCodec;
    ws.on('message', (data: Buffer, isBinary: boolean) => this.#receive(isBinary ? data : data.toString()));
    ws.on('close', (code, reason) => {
      this.#ended = true;
      this.#closed.resolve({ code, reason: reason.toString() });
      this.#wakeAll();
    });
    ws.on('error', () => {});
  }

  /** Offsets of the publications of `channel`, in the order in which they came. */
  offsets(channel: string): readonly number[] {
    return this.publications(channel).map(publication => publication.position.offset);
  }

  /** The publications of `channel`, in the order in which they came. */
  publications(channel: string): readonly Publication[] {
    return this.received.filter(
      (message): message is Publication => message.type === 'publication' && message.channel === channel,
    );
  }

  send(message: ClientMessage): void {
    this.ws.send(this.#codec.encode(message));
  }

  /** Sends what no codec would make. */
  sendRaw(data: WireData): void {
    this.ws.send(data);
  }

  /** Sends with a `ref` of its own and waits for the one answer, which is of `type`. */
  async ask<T extends ServerMessage['type']>(question: Question, type: T): Promise<OfType<T>> {
    const ref = this.nextRef();
    this.send({ ...question, ref } as ClientMessage);
    const answer = await this.#take(
      message => 'ref' in message && message.ref === ref,
      () => `the answer to ${question.type}`,
    );
    assert.equal(answer.type, type, JSON.stringify(answer));
    return answer as OfType<T>;
  }

  nextRef(): number {
    this.#ref += 1;
    return this.#ref;
  }

  /** The first message of `type`, and of what `matches` says, that no one has taken yet. */
  async expectMessage<T extends ServerMessage['type']>(
    type: T,
    matches: (message: OfType<T>) => boolean = () => true,
  ): Promise<OfType<T>> {
    const taken = await this.#take(
      message => message.type === type && matches(message as OfType<T>),
      () => `a message ${type}; there were ${this.received.map(message => message.type).join(' ')}`,
    );
    return taken as OfType<T>;
  }

  /** Waits for an error of `kind`. */
  async expectError(kind: OfType<'error'>['kind']): Promise<OfType<'error'>> {
    const error = await this.expectMessage('error');
    assert.equal(error.kind, kind, JSON.stringify(error));
    return error;
  }

  /** Waits until `count` publications of `channel` have come. */
  async expectPublications(
    channel: string,
    count: number,
    deadlineMs?: number,
  ): Promise<readonly Publication[]> {
    await this.#until(
      () => this.publications(channel).length >= count,
      () => `${count} publications of ${channel}; there were ${this.publications(channel).length}`,
      deadlineMs,
    );
    return this.publications(channel);
  }

  /** Waits for the end of the connection, which has this code; returns its reason. */
  async expectClosed(code: number): Promise<string> {
    const closed = await within(this.#closed.promise, () => `a close with ${code}`);
    assert.equal(closed.code, code, closed.reason);
    return closed.reason;
  }

  /** Everything that was on its way when it was called has come when it resolves. */
  async roundTrip(): Promise<void> {
    await this.ask({ type: 'ping' }, 'pong');
  }

  /** Breaks the connection without a word. */
  break(): void {
    this.ws.terminate();
  }

  #receive(data: WireData): void {
    const decoded = this.#codec.decodeServer(data);
    assert.ok(
      decoded.ok,
      decoded.ok ? '' : `${decoded.error.message} ${decoded.error.path}: ${String(data)}`,
    );
    const message = decoded.value;
    if (message.type !== 'ping') this.received.push(message);
    else if (this.answersPings)
      this.send(message.ref === undefined ? { type: 'pong' } : { type: 'pong', ref: message.ref });
    this.#wakeAll();
  }

  async #take(matches: (message: ServerMessage) => boolean, what: () => string): Promise<ServerMessage> {
    const find = (): ServerMessage | undefined =>
      this.received.find(message => !this.#taken.has(message) && matches(message));
    await this.#until(() => find() !== undefined, what);
    const found = find();
    assert.ok(found !== undefined);
    this.#taken.add(found);
    return found;
  }

  async #until(condition: () => boolean, what: () => string, deadlineMs?: number): Promise<void> {
    const met = async (): Promise<void> => {
      while (!condition()) {
        if (this.#ended) throw new Error(`the connection was closed before ${what()}`);
        await new Promise<void>(resolve => this.#wake.push(resolve));
      }
    };
    await within(met(), what, deadlineMs);
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
