import { type Deferred, deferred, err, ok, type Result, type Timer } from '@kittiwake/base';
import type { Joined, Json, Publication, ServerMessage, Truncated } from '@kittiwake/protocol';
import type { Settle } from '../connection/pending-requests.ts';
import { type Failure, localFailure, unexpectedAnswer } from '../failure.ts';
import { sightsOf } from '../publish/history-cut.ts';
import type { ChannelEffect, ChannelEvent, ChannelState } from './channel-state.ts';
import { JoinRequest } from './join-request.ts';
import type { ChannelMessage, MembershipDeps, MembershipStart } from './membership-port.ts';
import { PresenceKeeper } from './presence-keeper.ts';
import type { PresenceView } from './presence-view.ts';
import { Relocation } from './relocation.ts';
import { advance, follow, freshPoint, type Move, type ResumePoint, resumePoint, settle } from './resume.ts';
import { Showing } from './showing.ts';
import { transition } from './transition.ts';

/** Keeps a channel joined across connections, and the application's place in its history (SPEC K3, K10). */
export class Membership {
  readonly #deps: MembershipDeps;
  #state: ChannelState = { phase: 'detached' };
  #point: ResumePoint | undefined;
  readonly #presence: PresenceKeeper;
  readonly #showing: Showing;
  readonly #join: JoinRequest;
  readonly #relocation: Relocation;
  /** Where the channel stood when its gateway last said so: what is up to there is replayed. */
  #head = 0;
  #retry: Timer | undefined;
  #joining: Deferred<Result<void, Failure>> | undefined;

  constructor(deps: MembershipDeps, { position, presence, ...kept }: MembershipStart) {
    this.#deps = deps;
    this.#point = position === undefined ? undefined : resumePoint({ position, ...kept });
    const isJoined = (): boolean => this.#state.phase === 'joined' && !this.isMoving;
    this.#presence = new PresenceKeeper(view => deps.handler.presence(view));
    this.#join = new JoinRequest(deps);
    this.#relocation = new Relocation(deps.clock, () => this.#dispatch({ type: 'gap' }));
    this.#showing = new Showing({ ...deps, isJoined }, presence);
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** How far publications were taken; absent before the first join of a channel without a start. */
  get point(): ResumePoint | undefined {
    return this.#point;
  }

  get isMoving(): boolean {
    return this.#relocation.isUnderway;
  }

  get presence(): PresenceView {
    return this.#presence.view;
  }

  /** Resolves when joined, when refused for good, or when it is called off. */
  join(): Promise<Result<void, Failure>> {
    if (this.#state.phase === 'joined') return Promise.resolve(ok());
    this.#joining ??= deferred();
    const { promise } = this.#joining;
    this.#dispatch({ type: 'join' });
    return promise;
  }

  /** Ends the membership at once; the position is kept for a later join. */
  leave(): void {
    this.#dispatch({ type: 'leave' });
    this.#presence.clear();
  }

  /** Shows `data` from now on, after each reconnect as well; `null` takes the member off the list. */
  show(data: Json): Promise<Result<void, Failure>> {
    return this.#showing.show(data);
  }

  /** What was taken beyond `point` was not committed. */
  rewind(point: ResumePoint): void {
    this.#point = point;
  }

  /** There is room again. */
  room(): void {
    this.#dispatch({ type: 'room' });
  }

  /** The application cannot go on: leaves, as failed. */
  stop(failure: Failure): void {
    this.#dispatch({ type: 'stopped', failure });
  }

  /** Something in the channel was refused, without a word about what. */
  refused(failure: Failure): void {
    this.#showing.refused(failure);
  }

  /** The connection changed. Where one stands and another is made, it joins there before it leaves here (SPEC K18). */
  connection(change: 'online' | 'offline' | 'moved'): void {
    if (change === 'offline') this.#join.forget();
    if (change === 'moved' && this.#state.phase === 'joined') {
      this.#relocation.begin();
      this.#sendJoin(answer => this.#arrived(answer));
    } else this.#dispatch({ type: change === 'moved' ? 'online' : change });
  }

  /** What the gateway before a move says counts until the one after it has answered. */
  receive(message: ChannelMessage, isFormer = false): void {
    if (this.#state.phase === 'joined' && this.isMoving === isFormer) this.#take(message);
    else if (!isFormer) this.#deps.counters.strays += 1;
  }

  #take(message: ChannelMessage): void {
    switch (message.type) {
      case 'publication':
        this.#publication(message);
        return;
      case 'truncated':
        this.#settle(message);
        return;
      case 'presence-sync':
      case 'presence-diff':
        this.#presence.take(message);
    }
  }

  #publication(publication: Publication): void {
    const { position } = publication;
    this.#relocation.seen(position.offset);
    const held = this.#point ?? freshPoint({ offset: position.offset - 1, epoch: position.epoch });
    switch (follow(held, position)) {
      case 'deliver': {
        const move = { before: held, after: advance(held, position) };
        const isLive = position.offset > this.#head;
        this.#deps.handler.saw({ sight: 'publication', position, follows: held, isLive });
        this.#move(move, () => this.#deps.handler.publication(publication, move));
        return;
      }
      case 'duplicate':
        this.#deps.counters.duplicates += 1;
        return;
      case 'gap':
        this.#deps.counters.gaps += 1;
        this.#dispatch({ type: 'gap' });
        return;
    }
  }

  #settle(answer: Joined | Truncated): void {
    const held = this.#point;
    const { handler } = this.#deps;
    this.#head = answer.position.offset;
    const { point, change } = settle(held, answer);
    if (this.isMoving && point !== held) this.#relocation.changed(answer.resume.outcome, point);
    const move = { before: held ?? point, after: point };
    const isTaken = this.#move(move, () => change === undefined || handler.historyChanged(change, move));
    for (const sight of sightsOf(answer, held)) handler.saw(sight);
    if (!isTaken) return;
    const { resume, position } = answer;
    const replayed = Math.max(0, position.offset - point.position.offset);
    handler.resumed({ outcome: resume.outcome, replayed, position });
  }

  /** Goes on to the next place where that is taken; else leaves until there is room. */
  #move({ before, after }: Move, take: () => boolean): boolean {
    // Whoever is told sees where the channel is by now.
    this.#point = after;
    if (take()) return true;
    this.#point = before;
    this.#dispatch({ type: 'full' });
    return false;
  }

  #dispatch(event: ChannelEvent): void {
    const before = this.#state;
    const { state, effects } = transition(before, event, {
      online: this.#deps.online(),
      paused: this.#deps.paused(),
      random: this.#deps.random,
    });
    this.#state = state;
    if (state !== before) {
      this.#retry?.cancel();
      this.#relocation.cancel();
    }
    if (state.phase !== 'joined') this.#showing.left();
    for (const effect of effects) this.#run(effect);
    if (state === before) return;
    this.#settleJoin(state);
    this.#deps.handler.state(state);
  }

  #settleJoin(state: ChannelState): void {
    if (state.phase === 'joining') return;
    const waiting = this.#joining;
    this.#joining = undefined;
    if (state.phase === 'joined') waiting?.resolve(ok());
    else if (state.phase === 'failed') waiting?.resolve(err(state.failure));
    else {
      this.#join.forget();
      waiting?.resolve(err(localFailure('closed', 'the channel was left before it was joined', 'never')));
    }
  }

  #run(effect: ChannelEffect): void {
    switch (effect.type) {
      case 'send-join':
        this.#sendJoin(answer => this.#answered(answer));
        return;
      case 'send-leave':
        this.#join.leave();
        return;
      case 'retry-after':
        this.#retry = this.#deps.clock.after(effect.delayMs, () => this.#dispatch({ type: 'retry-due' }));
        return;
    }
  }

  #sendJoin(answered: Settle): void {
    this.#join.ask({ point: this.#point, shown: this.#showing.carried() }, answered);
  }

  #answered(answer: Result<ServerMessage, Failure>): void {
    if (!answer.ok) {
      // A broken connection is reported as `offline`, which knows better what follows.
      if (answer.error.kind !== 'disconnected') this.#dispatch({ type: 'refused', failure: answer.error });
      return;
    }
    if (answer.value.type !== 'joined') {
      const failure = unexpectedAnswer('a join', answer.value.type);
      this.#dispatch({ type: 'refused', failure });
      return;
    }
    this.#dispatch({ type: 'joined' });
    this.#settle(answer.value);
    this.#showing.joined();
  }

  /** The gateway after a move has answered. What it cannot go on with is joined anew there, as after any gap. */
  #arrived(answer: Result<ServerMessage, Failure>): void {
    if (!answer.ok && answer.error.kind === 'disconnected') return;
    const isJoined = answer.ok && answer.value.type === 'joined';
    const joined = isJoined ? this.#relocation.arrived(this.#point, answer.value) : undefined;
    if (joined === undefined) this.#dispatch({ type: 'gap' });
    else {
      this.#settle(joined);
      this.#showing.joined();
    }
    this.#deps.handler.arrived();
  }
}
