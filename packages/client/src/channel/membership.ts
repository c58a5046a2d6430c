import { type Deferred, deferred, err, ok, type Result, type Timer } from '@kittiwake/base';
import type { Joined, Json, Publication, Ref, ServerMessage, Truncated } from '@kittiwake/protocol';
import { type Failure, localFailure, unexpectedAnswer } from '../failure.ts';
import { sightsOf } from '../publish/history-cut.ts';
import type { ChannelEffect, ChannelEvent, ChannelState } from './channel-state.ts';
import { joinMessage } from './join-message.ts';
import type { ChannelMessage, MembershipDeps, MembershipStart } from './membership-port.ts';
import { applyPresence, NOBODY, type PresenceView, syncPresence } from './presence-view.ts';
import { advance, follow, freshPoint, type Move, type ResumePoint, resumePoint, settle } from './resume.ts';
import { Showing } from './showing.ts';
import { transition } from './transition.ts';

/** Keeps a channel joined across connections, and the application's place in its history (SPEC K3, K10). */
export class Membership {
  readonly #deps: MembershipDeps;
  #state: ChannelState = { phase: 'detached' };
  #point: ResumePoint | undefined;
  #presence: PresenceView = NOBODY;
  readonly #showing: Showing;
  #asked: Ref | undefined;
  #retry: Timer | undefined;
  #joining: Deferred<Result<void, Failure>> | undefined;

  constructor(deps: MembershipDeps, { position, presence, ...kept }: MembershipStart) {
    this.#deps = deps;
    this.#point = position === undefined ? undefined : resumePoint({ position, ...kept });
    const isJoined = (): boolean => this.#state.phase === 'joined';
    this.#showing = new Showing({ ...deps, isJoined }, presence);
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** How far publications were taken; absent before the first join of a channel without a start. */
  get point(): ResumePoint | undefined {
    return this.#point;
  }

  get presence(): PresenceView {
    return this.#presence;
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
    this.#setPresence(NOBODY);
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

  online(): void {
    this.#dispatch({ type: 'online' });
  }

  offline(): void {
    this.#forgetJoin();
    this.#dispatch({ type: 'offline' });
  }

  receive(message: ChannelMessage): void {
    if (this.#state.phase !== 'joined') {
      this.#deps.counters.strays += 1;
      return;
    }
    switch (message.type) {
      case 'publication':
        this.#publication(message);
        return;
      case 'truncated':
        this.#settle(message);
        return;
      case 'presence-sync':
        this.#setPresence(syncPresence(message));
        return;
      case 'presence-diff':
        this.#setPresence(applyPresence(this.#presence, message));
        return;
    }
  }

  #publication(publication: Publication): void {
    const { position } = publication;
    const held = this.#point ?? freshPoint({ offset: position.offset - 1, epoch: position.epoch });
    switch (follow(held, position)) {
      case 'deliver': {
        const move = { before: held, after: advance(held, position) };
        this.#deps.handler.saw({ sight: 'publication', position, follows: held });
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
    const { point, change } = settle(held, answer);
    const move = { before: held ?? point, after: point };
    const isTaken = this.#move(
      move,
      () => change === undefined || this.#deps.handler.historyChanged(change, move),
    );
    for (const sight of sightsOf(answer, held)) this.#deps.handler.saw(sight);
    if (!isTaken) return;
    const { resume, position } = answer;
    const replayed = Math.max(0, position.offset - point.position.offset);
    this.#deps.handler.resumed({ outcome: resume.outcome, replayed, position });
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

  #setPresence(view: PresenceView): void {
    if (view === this.#presence) return;
    this.#presence = view;
    this.#deps.handler.presence(view);
  }

  #dispatch(event: ChannelEvent): void {
    const before = this.#state;
    const { state, effects } = transition(before, event, {
      online: this.#deps.online(),
      paused: this.#deps.paused(),
      random: this.#deps.random,
    });
    this.#state = state;
    if (state !== before) this.#retry?.cancel();
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
      this.#forgetJoin();
      waiting?.resolve(err(localFailure('closed', 'the channel was left before it was joined', 'never')));
    }
  }

  #run(effect: ChannelEffect): void {
    switch (effect.type) {
      case 'send-join':
        this.#sendJoin();
        return;
      case 'send-leave': {
        this.#forgetJoin();
        const channel = this.#deps.name;
        this.#deps.wire.ask(
          ref => ({ type: 'leave', ref, channel }),
          () => {},
        );
        return;
      }
      case 'retry-after':
        this.#retry = this.#deps.clock.after(effect.delayMs, () => this.#dispatch({ type: 'retry-due' }));
        return;
    }
  }

  #sendJoin(): void {
    this.#forgetJoin();
    const shown = this.#showing.carried();
    const channel = this.#deps.name;
    this.#asked = this.#deps.wire.ask(
      ref => joinMessage({ ref, channel }, this.#point, shown),
      answer => this.#answered(answer),
    );
  }

  #answered(answer: Result<ServerMessage, Failure>): void {
    this.#asked = undefined;
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

  /** The answer to an earlier join is stale from now on. */
  #forgetJoin(): void {
    if (this.#asked !== undefined) this.#deps.wire.forget(this.#asked);
    this.#asked = undefined;
  }
}
