import { assertNever, type BackoffBounds, fullJitter, type Random } from '@kittiwake/base';
import type { Failure } from '../failure.ts';
import type { ChannelEffect, ChannelEvent, ChannelState } from './channel-state.ts';

/** What a transition may know besides state and event. */
export type ChannelContext = {
  readonly online: boolean;
  /** What was handed over before is still being worked on: nothing new is asked for. */
  readonly paused: boolean;
  readonly random: Random;
};

/** The state that follows, and what the channel does. */
export type ChannelStep = { readonly state: ChannelState; readonly effects: readonly ChannelEffect[] };

/** How long to wait before asking again for a membership that was refused for now. */
export const JOIN_BACKOFF: BackoffBounds = { baseMs: 250, capMs: 10_000 };

const DETACHED: ChannelState = { phase: 'detached' };
const JOINED: ChannelState = { phase: 'joined' };
const PAUSED: ChannelState = { phase: 'joining', step: 'paused', attempt: 0 };

/** The next state for any event in any phase; total, and pure but for the random numbers that it draws. */
export function transition(state: ChannelState, event: ChannelEvent, context: ChannelContext): ChannelStep {
  switch (event.type) {
    case 'join':
      return state.phase === 'detached' || state.phase === 'failed'
        ? ask(0, context)
        : { state, effects: [] };
    case 'leave':
      return { state: DETACHED, effects: leaving(state, context) };
    case 'online':
      return state.phase === 'joining' ? ask(0, context) : { state, effects: [] };
    case 'offline':
      return {
        state: wanted(state) ? { phase: 'joining', step: 'offline', attempt: 0 } : state,
        effects: [],
      };
    case 'joined':
      return { state: isAsked(state) ? JOINED : state, effects: [] };
    case 'refused':
      return state.phase === 'joining' && isAsked(state)
        ? refused(state.attempt, event.failure, context)
        : { state, effects: [] };
    case 'gap': {
      if (state.phase !== 'joined') return { state, effects: [] };
      const again = ask(0, context);
      return { state: again.state, effects: [{ type: 'send-leave' }, ...again.effects] };
    }
    case 'full':
    case 'room':
    case 'stopped':
      return handedOver(state, event, context);
    case 'retry-due':
      return state.phase === 'joining' && state.step === 'backing-off'
        ? ask(state.attempt, context)
        : { state, effects: [] };
    default:
      return assertNever(event);
  }
}

/** The application cannot take more, can again, or cannot go on. */
function handedOver(
  state: ChannelState,
  event: Extract<ChannelEvent, { type: 'full' | 'room' | 'stopped' }>,
  context: ChannelContext,
): ChannelStep {
  const same: ChannelStep = { state, effects: [] };
  switch (event.type) {
    case 'full':
      return state.phase === 'joined' ? { state: PAUSED, effects: [{ type: 'send-leave' }] } : same;
    case 'room':
      return state.phase === 'joining' && state.step === 'paused' ? ask(0, context) : same;
    case 'stopped':
      return wanted(state)
        ? { state: { phase: 'failed', failure: event.failure }, effects: leaving(state, context) }
        : same;
    default:
      return assertNever(event);
  }
}

function ask(attempt: number, { online, paused }: ChannelContext): ChannelStep {
  if (!online) return { state: { phase: 'joining', step: 'offline', attempt: 0 }, effects: [] };
  if (paused) return { state: PAUSED, effects: [] };
  return { state: { phase: 'joining', step: 'asked', attempt }, effects: [{ type: 'send-join' }] };
}

/** The gateway is told where it has a membership of ours, or may have one. */
function leaving(state: ChannelState, { online }: ChannelContext): readonly ChannelEffect[] {
  const isKnown = state.phase === 'joined' || isAsked(state);
  return isKnown && online ? [{ type: 'send-leave' }] : [];
}

function refused(attempt: number, failure: Failure, { random }: ChannelContext): ChannelStep {
  // The gateway still has an earlier membership of ours, as after an answer that came too late: end it, then ask again.
  const stands = failure.kind === 'already_joined' || failure.kind === 'timeout';
  if (!stands && (failure.retry === 'never' || failure.retry === 'reauth'))
    return { state: { phase: 'failed', failure }, effects: [] };
  const delayMs = (failure.retryAfterMs ?? 0) + fullJitter(JOIN_BACKOFF, attempt, random);
  return {
    state: { phase: 'joining', step: 'backing-off', attempt: attempt + 1 },
    effects: [...(stands ? [{ type: 'send-leave' } as const] : []), { type: 'retry-after', delayMs }],
  };
}

function wanted(state: ChannelState): boolean {
  return state.phase === 'joining' || state.phase === 'joined';
}

function isAsked(state: ChannelState): boolean {
  return state.phase === 'joining' && state.step === 'asked';
}
