import { assertNever, type Timer } from '@kittiwake/base';
import type { SessionEffect } from './effects.ts';
import type { SessionDeps } from './session-deps.ts';
import { continuedSessionId } from './session-ids.ts';
import type { SessionState } from './session-state.ts';
import { type SessionEvent, transition } from './transition.ts';

/** Effects that the machine does not do itself: those that touch the peer and the other rooms. */
export type OutwardEffect = Extract<SessionEffect, { effect: 'send' | 'fail' | 'establish' | 'close' }>;

/** What the machine needs. */
export type SessionMachineDeps = Pick<SessionDeps, 'settings' | 'clock' | 'random' | 'verifier'> & {
  readonly perform: (effect: OutwardEffect) => void;
  /** Something threw where nothing may throw. */
  readonly onBug: (reason: unknown) => void;
};

/** Drives `transition`: holds the state and its one deadline, and has tokens verified. */
export class SessionMachine {
  readonly #deps: SessionMachineDeps;
  #state: SessionState = { phase: 'awaiting-connect' };
  #deadline: Timer | undefined;

  constructor(deps: SessionMachineDeps) {
    this.#deps = deps;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Takes an event; its effects are done before this returns, but for the verification of a token. */
  on(event: SessionEvent): void {
    const { settings, clock } = this.#deps;
    const next = transition(this.#state, event, { ...settings, nowMs: clock.nowMs() });
    this.#state = next.state;
    for (const effect of next.effects) {
      // An effect may have led to another transition, which has done its own: what is left here belongs to the past.
      if (this.#state !== next.state) return;
      this.#do(effect);
    }
  }

  #do(effect: SessionEffect): void {
    switch (effect.effect) {
      case 'verify':
        this.#verify(effect.token);
        break;
      case 'arm':
        this.#deadline?.cancel();
        this.#deadline = this.#deps.clock.after(effect.afterMs, () => this.#later({ event: 'deadline' }));
        break;
      case 'disarm':
        this.#deadline?.cancel();
        break;
      case 'send':
      case 'fail':
      case 'establish':
      case 'close':
        this.#deps.perform(effect);
        break;
      default:
        assertNever(effect);
    }
  }

  #verify(token: string): void {
    const asked = this.#state;
    this.#deps.verifier.verify(token).then(verified => {
      if (!verified.ok) {
        this.#later({ event: 'refused', failure: verified.error });
        return;
      }
      const continues = asked.phase === 'authenticating' ? asked.continues : undefined;
      const id =
        asked.phase === 'connected'
          ? asked.id
          : continuedSessionId(continues, verified.value.user, this.#deps.random);
      this.#later({ event: 'verified', identity: verified.value, id });
    }, this.#deps.onBug);
  }

  #later(event: SessionEvent): void {
    try {
      this.on(event);
    } catch (reason) {
      this.#deps.onBug(reason);
    }
  }
}
