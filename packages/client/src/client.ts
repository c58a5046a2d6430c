import { type Bytes, err, ok, type Result } from '@kittiwake/base';
import { type ChannelName, type EventName, type Json, LIMITS } from '@kittiwake/protocol';
import { Channel } from './channel/channel.ts';
import type { ChannelPort, ChannelStart } from './channel/channel-port.ts';
import { mayPublish } from './channel/may-publish.ts';
import type { ClientEvents, RequestOptions } from './client-events.ts';
import type { Settings } from './client-options.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectionHandler } from './connection/connection-port.ts';
import type { ConnectionStatus } from './connection/status.ts';
import { Wire } from './connection/wire.ts';
import { type Counters, newCounters } from './counters.ts';
import { type Failure, localFailure, unexpectedAnswer } from './failure.ts';
import { type Destinations, route } from './message-router.ts';
import { Moving } from './moving.ts';
import type { KeyedPublish } from './publish/encode-publish.ts';
import { type PublishOutcome, refused } from './publish/publish-outcome.ts';
import { Publisher } from './publish/publisher.ts';
import type { PublisherHandler, PublishMode } from './publish/publisher-port.ts';
import { refSource } from './ref-source.ts';
import { Emitter } from './store/emitter.ts';
import type { ChannelMap, EventsOf } from './typed-events.ts';

/**
 * One session with a Kittiwake cluster: reconnects, resumes and queues by itself. Nothing happens before `connect()`.
 */
export class Client<Channels extends ChannelMap> {
  readonly #settings: Settings;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #channels = new Map<string, Channel<never>>();
  readonly #counters: Counters = newCounters();
  readonly #nextRef = refSource();
  readonly #connection: Connection;
  readonly #wire: Wire;
  readonly #publisher: Publisher;
  readonly #destinations: Destinations;
  readonly #moving: Moving;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#emitter = new Emitter(settings.onListenerError);
    const nextRef = this.#nextRef;
    const send: Connection['send'] = data => this.#connection.send(data);
    this.#connection = new Connection(
      { ...settings, clientName: settings.name, nextRef },
      this.#connectionHandler(),
    );
    this.#wire = new Wire({ ...settings, nextRef, send });
    this.#publisher = new Publisher({
      ...settings,
      wire: this.#wire,
      nextRef,
      bounds: settings.queue,
      send,
      ready: name => this.#connected && mayPublish(this.#channels.get(name)),
      seen: name => this.#channels.get(name)?.membership.point,
      bytesMax: () => this.#bytesMax,
      handler: this.#publisherHandler(),
    });
    this.#destinations = {
      wire: this.#wire,
      publisher: this.#publisher,
      channels: this.#channels,
      counters: this.#counters,
      goaway: message => this.#emitter.emit('goaway', message),
      refusal: failure => this.#emitter.emit('error', failure),
    };
    this.#moving = new Moving(this.#destinations, this.#connection);
  }

  /** How the connection stands; the same object until it changes. */
  get status(): ConnectionStatus {
    return this.#connection.status;
  }

  /** What was dropped or repaired so far. */
  get counters(): Readonly<Counters> {
    return this.#counters;
  }

  /** Publishes that are not settled, and their bytes. */
  get queued(): { readonly messages: number; readonly bytes: number } {
    return this.#publisher.queued;
  }

  /**
   * Begins to connect; the outcome is in `status`. While an attempt is awaited it is made now.
   * @example client.connect();
   */
  connect(): void {
    this.#publisher.start();
    this.#connection.connect();
  }

  /** Ends the session: every promise is settled, no timer and no socket stays. `connect()` begins a new one. */
  close(): void {
    this.#connection.close();
    this.#settleAll();
  }

  /** Breaks the connection as a bad network would, to see the resume. For demonstrations and tests. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  /**
   * The channel of this name, not joined yet; the same object for the same name. `start` counts the first time.
   * @example
   * const channel = client.channel('chat:42', { presence: { name: 'Ada' } });
   * await channel.join();
   */
  channel<Name extends string>(name: Name, start: ChannelStart = {}): Channel<EventsOf<Channels, Name>> {
    const known = this.#channels.get(name) as unknown as Channel<EventsOf<Channels, Name>> | undefined;
    if (known !== undefined) return known;
    const channel = new Channel<EventsOf<Channels, Name>>(name, this.#channelPort(), start);
    this.#channels.set(name, channel as unknown as Channel<never>);
    channel.on('state', () => this.#publisher.flush());
    return channel;
  }

  /**
   * Asks the channel's responder, or the gateway, and waits for the one answer. Never queued, never repeated.
   * @example const time = await client.request('kittiwake:time:get', null);
   */
  request(event: string, data: Json, options: RequestOptions = {}): Promise<Result<Json, Failure>> {
    const { channel, timeoutMs = this.#settings.requestTimeoutMs } = options;
    const where = channel === undefined ? {} : { channel: channel as ChannelName };
    return new Promise(resolve => {
      this.#wire.ask(
        ref => ({ type: 'request', ref, event: event as EventName, data, timeoutMs, ...where }),
        answer => {
          if (!answer.ok) return resolve(answer);
          const message = answer.value;
          resolve(
            message.type === 'response' ? ok(message.data) : err(unexpectedAnswer('a request', message.type)),
          );
        },
        timeoutMs,
      );
    });
  }

  /**
   * Round trip to the gateway and back, in milliseconds.
   * @example const rtt = await client.ping();
   */
  ping(): Promise<Result<number, Failure>> {
    const { clock } = this.#settings;
    const startedMs = clock.monotonicMs();
    return new Promise(resolve => {
      this.#wire.ask(
        ref => ({ type: 'ping', ref }),
        answer => resolve(answer.ok ? ok(clock.monotonicMs() - startedMs) : answer),
      );
    });
  }

  /**
   * Adds a listener; the function that is returned takes it away.
   * @example client.on('status', status => show(status.phase));
   */
  on<N extends keyof ClientEvents>(name: N, listener: (value: ClientEvents[N]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  get #connected(): boolean {
    return this.#connection.state.phase === 'connected';
  }

  #channelPort(): ChannelPort {
    const { clock, random, onListenerError: listenerFailed } = this.#settings;
    return {
      clock,
      random,
      listenerFailed,
      wire: this.#wire,
      counters: this.#counters,
      online: () => this.#connected,
      publish: (message, mode) => this.#publish(message, mode),
      saw: (channel, sight) => this.#publisher.saw(channel, sight),
      arrived: () => this.#publisher.flush(),
      request: (event, data, options) => this.request(event, data, options),
    };
  }

  #publish(message: KeyedPublish, mode: PublishMode): Promise<PublishOutcome> {
    if (this.#connection.state.phase !== 'closed') return this.#publisher.publish(message, mode);
    const failure = localFailure('closed', 'the client is closed', 'never');
    return Promise.resolve(refused(failure, message.key, false));
  }

  get #bytesMax(): Bytes {
    const { state } = this.#connection;
    return state.phase === 'connected' ? state.link.messageBytesMax : LIMITS.messageBytesMax;
  }

  #publisherHandler(): PublisherHandler {
    return {
      settled: settled => this.#emitter.emit('settled', settled),
      storeFailed: failure => this.#emitter.emit('error', failure),
      lost: (name, lost) => this.#channels.get(name)?.handle({ type: 'lost', lost }),
      fenced: (name, failure) => this.#channels.get(name)?.handle({ type: 'error', failure }),
    };
  }

  #connectionHandler(): ConnectionHandler {
    return {
      established: () => {
        for (const channel of this.#channels.values()) channel.handle({ type: 'online' });
        this.#publisher.flush();
      },
      lost: () => {
        this.#wire.lost();
        this.#publisher.lost();
        for (const channel of this.#channels.values()) channel.handle({ type: 'offline' });
      },
      moved: () => this.#moving.moved(),
      receivedFormer: message => this.#moving.receivedFormer(message),
      departed: () => this.#moving.departed(),
      received: message => {
        route(message, this.#destinations);
        this.#moving.look();
      },
      unreadable: () => {
        this.#counters.unreadable += 1;
      },
      statusChanged: status => {
        if (status.phase === 'closed') this.#settleAll();
        this.#emitter.emit('status', status);
      },
      tokenFailed: reason => {
        const text = reason instanceof Error ? reason.message : String(reason);
        this.#emitter.emit('error', {
          kind: 'unauthenticated',
          message: `no token: ${text}`,
          retry: 'reauth',
        });
      },
    };
  }

  #settleAll(): void {
    this.#publisher.close();
    for (const channel of this.#channels.values()) channel.leave();
  }
}
