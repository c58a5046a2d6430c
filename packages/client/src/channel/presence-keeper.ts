import type { PresenceDiff, PresenceSync } from '@kittiwake/protocol';
import { applyPresence, NOBODY, type PresenceView, syncPresence } from './presence-view.ts';

/** Keeps the view of who is in a channel, and tells when it changes (SPEC K11). */
export class PresenceKeeper {
  readonly #changed: (view: PresenceView) => void;
  #view: PresenceView = NOBODY;

  constructor(changed: (view: PresenceView) => void) {
    this.#changed = changed;
  }

  get view(): PresenceView {
    return this.#view;
  }

  take(message: PresenceSync | PresenceDiff): void {
    this.#set(
      message.type === 'presence-sync'
        ? syncPresence(this.#view, message)
        : applyPresence(this.#view, message),
    );
  }

  clear(): void {
    this.#set(NOBODY);
  }

  #set(view: PresenceView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#changed(view);
  }
}
