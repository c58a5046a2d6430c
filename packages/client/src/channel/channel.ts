import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, EpochChain, EventName, Json, Position, Publish } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import type { KeyedPublish } from '../publish/encode-publish.ts';
import type { PublishOutcome } from '../publish/publish-outcome.ts';
import { Emitter } from '../store/emitter.ts';
import type { EventNameOf, History, PublicationOf } from '../typed-events.ts';
import type { ChannelEvents } from './channel-events.ts';
import type { ChannelPort, ChannelStart, PublishOptions } from './channel-port.ts';
import type { ChannelState } from './channel-state.ts';
import { Deliveries, type ProcessHandler, type ProcessOptions } from './deliveries.ts';
import { HISTORY_EVENT, historyOf } from './history.ts';
import { Membership } from './membership.ts';
import type { ChannelNews, MembershipDeps } from './membership-port.ts';
import type { PresenceView } from './presence-view.ts';
import type { ResumePoint } from './resume.ts';

/** A channel as the application uses it; made by `client.channel()`, the same object for the same name. */
export class Channel<Events> {
  readonly name: string;
  readonly #name: ChannelName;
  readonly #port: ChannelPort;
  readonly #start: ChannelStart;
  readonly #emitter: Emitter<ChannelEvents<Events>>;
  readonly #deliveries: Deliveries<Events>;
  readonly #membership: Membership;

  constructor(name: string, port: ChannelPort, start: ChannelStart) {
    this.name = name;
    this.#name = name as ChannelName;
    this.#port = port;
    this.#start = start;
    this.#emitter = new Emitter(port.listenerFailed);
    this.#deliveries = new Deliveries({
      emitter: this.#emitter,
      rewind: point => this.#membership.rewind(point),
      room: () => this.#membership.room(),
      stop: failure => this.#stop(failure),
    });
    const paused = (): boolean => this.#deliveries.paused;
    this.#membership = new Membership({ ...port, name: this.#name, paused, handler: this.#handler() }, start);
  }

  /** Where the membership stands; the same object until it changes. */
  get state(): ChannelState {
    return this.#membership.state;
  }

  /**
   * Where the application stands: the last publication that it has seen, and what a truncation is found by (SPEC C10).
   * Keep it with what it led to, and give it to `client.channel(name, place)` to go on from there in another life.
   */
  get place(): ResumePoint | undefined {
    return this.#deliveries.placeOf(this.#membership.point);
  }

  /** The last publication that the application has seen. */
  get position(): Position | undefined {
    return this.place?.position;
  }

  /** The epochs of what was seen up to `position`. */
  get chain(): EpochChain | undefined {
    return this.place?.chain;
  }

  /** Who is here; the same array until somebody changes. */
  get presence(): PresenceView {
    return this.#membership.presence;
  }

  /**
   * Becomes a member, and stays one across connections until `leave()`. Resolves when joined, refused or left; while
   * there is no connection it waits.
   * @example
   * const joined = await channel.join();
   * if (!joined.ok) show(joined.error.kind);
   */
  join(): Promise<Result<void, Failure>> {
    return this.#membership.join();
  }

  /** Stops being a member, at once. The position is kept: a later `join()` resumes. */
  leave(): void {
    this.#membership.leave();
  }

  /**
   * Joins, and hands over everything that the channel delivers, one at a time: the next one only once the promise of the
   * one before has resolved, and `position` moves only then. Commit the place that the handler is given together with its
   * effect, start from it in the next life, and each publication has its effect exactly once (SPEC K15). Resolves when
   * it ends: well after `leave()`; with the failure where the join was refused or the handler failed, which the channel
   * tells as `failed` and `error`. `process` again, or `join()`, goes on from the last commit.
   * @example
   * await channel.process(async (delivery, commit) => {
   *   await database.transaction(async tx => { await apply(tx, delivery); await tx.save('chat:42', commit); });
   * });
   */
  process(handler: ProcessHandler<Events>, options: ProcessOptions = {}): Promise<Result<void, Failure>> {
    const ended = this.#deliveries.process(handler, options);
    void this.#membership.join();
    return ended;
  }

  /**
   * Publishes one event. Waits for a connection within the bounds of the queue, is sent again with the same key after
   * a reconnect, and never rejects: look at `outcome`.
   * @example
   * const sent = await channel.publish('chat:message:send', { text: 'hello' }, { ack: 'replicated' });
   * if (sent.outcome === 'unknown') await channel.publish('chat:message:send', { text: 'hello' }, { key: sent.key });
   */
  publish<N extends EventNameOf<Events>>(
    event: N,
    data: Events[N],
    options: PublishOptions = {},
  ): Promise<PublishOutcome> {
    const { version, ack, key = this.#port.random.hex(16), timeoutMs } = options;
    const message: KeyedPublish = {
      ...this.#message(event, data),
      key,
      ...(version === undefined ? {} : { version }),
      ...(ack === undefined ? {} : { ack }),
    };
    const { producer, republish } = this.#start;
    return this.#port.publish(message, { timeoutMs, producer, republish });
  }

  /**
   * Publishes without waiting, queueing or asking for an answer; false where there is no connection.
   * @example channel.send('game:cursor:move', { x: 3, y: 4 });
   */
  send<N extends EventNameOf<Events>>(
    event: N,
    data: Events[N],
    options: { readonly version?: number } = {},
  ): boolean {
    return this.#port.wire.tell({ ...this.#message(event, data), ...options });
  }

  /**
   * Shows `data` to the other members, now and after each reconnect; `null` takes this member off the list.
   * @example await channel.setPresence({ name: 'Ada', typing: true });
   */
  setPresence(data: Json): Promise<Result<void, Failure>> {
    return this.#membership.show(data);
  }

  /**
   * The newest publications that the channel keeps, oldest first.
   * @example const history = await channel.history({ limit: 50 });
   */
  async history(
    options: { readonly limit?: number; readonly timeoutMs?: number } = {},
  ): Promise<Result<History<Events>, Failure>> {
    const { limit = 100, ...rest } = options;
    const answer = await this.#port.request(HISTORY_EVENT, { limit }, { channel: this.name, ...rest });
    return answer.ok ? historyOf<Events>(answer.value) : answer;
  }

  /**
   * Adds a listener; the function that is returned takes it away.
   * @example const stop = channel.on('presence', members => draw(members));
   */
  on<N extends keyof ChannelEvents<Events>>(
    name: N,
    listener: (value: ChannelEvents<Events>[N]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Adds a listener for the publications of one event.
   * @example channel.onEvent('chat:message:send', ({ data, user }) => append(user, data.text));
   */
  onEvent<N extends EventNameOf<Events>>(
    event: N,
    listener: (publication: PublicationOf<Events, N>) => void,
  ): () => void {
    return this.on('publication', publication => {
      if (publication.event === event) listener(publication as PublicationOf<Events, N>);
    });
  }

  /**
   * Adds a listener for publications that were seen and are no longer part of the channel, because a failover lost them:
   * roll back what `from` to `to` led to. The channel's own publications from there follow.
   * @example channel.onTruncated(({ from, to }) => messages.remove(from, to));
   */
  onTruncated(listener: (change: ChannelEvents<Events>['truncated']) => void): () => void {
    return this.on('truncated', listener);
  }

  /** For the client: how far the history was seen, and whether a move is under way. @internal */
  get membership(): Pick<Membership, 'point' | 'isMoving'> {
    return this.#membership;
  }

  /** For the client: a message of this channel, or a change of the connection. @internal */
  handle(change: ChannelNews): void {
    switch (change.type) {
      case 'online':
      case 'offline':
      case 'moved':
        this.#membership.connection(change.type);
        return;
      case 'former':
        this.#membership.receive(change.message, true);
        return;
      case 'error':
        this.#membership.refused(change.failure);
        this.#emitter.emit('error', change.failure);
        return;
      case 'lost':
        this.#emitter.emit('lost', change.lost);
        return;
      default:
        this.#membership.receive(change);
        return;
    }
  }

  /** A value that JSON cannot write is found when the message is encoded; `undefined` is written as `null`. */
  #message(event: string, data: unknown): Publish {
    return { type: 'publish', channel: this.#name, event: event as EventName, data: (data ?? null) as Json };
  }

  #handler(): MembershipDeps['handler'] {
    return {
      publication: (publication, move) => this.#deliveries.publication(publication, move),
      historyChanged: (change, move) => this.#deliveries.change(change, move),
      saw: sight => this.#port.saw(this.#name, sight),
      resumed: resumed => this.#emitter.emit('resumed', resumed),
      presence: view => this.#emitter.emit('presence', view),
      state: state => this.#stateChanged(state),
      arrived: () => this.#port.arrived(),
    };
  }

  /** The application cannot go on. */
  #stop(failure: Failure): void {
    this.#membership.stop(failure);
    this.#emitter.emit('error', failure);
  }

  #stateChanged(state: ChannelState): void {
    if (state.phase === 'detached') this.#deliveries.release(ok());
    if (state.phase === 'failed') this.#deliveries.release(err(state.failure));
    this.#emitter.emit('state', state);
  }
}
