import type { ChannelName, Resume, ServerMessage } from '@kittiwake/protocol';
import type { Scene } from '../world/scene.ts';

/**
 * Holds one connection to what a gateway promises by itself, however forgiving its client is: after `joined` each channel's
 * publications follow on, unless the history is said to have changed (I1; SPEC C2, C5–C7).
 */
export class WireWatch {
  readonly #scene: Scene;
  readonly #client: string;
  /** What may come next in each channel that was joined: exactly this, or at most this where a replay begins. */
  readonly #next = new Map<ChannelName, { readonly offset: number; readonly exact: boolean }>();

  constructor(scene: Scene, client: string) {
    this.#scene = scene;
    this.#client = client;
  }

  /** The gateway sends a message. */
  sent(message: ServerMessage): void {
    switch (message.type) {
      case 'joined':
        this.#next.set(message.channel, {
          offset: message.position.offset + 1,
          exact: message.resume.outcome === 'fresh',
        });
        break;
      case 'truncated':
        this.#next.set(message.channel, {
          offset: goesOnAt(message.resume, message.position.offset),
          exact: true,
        });
        break;
      case 'left':
        this.#next.delete(message.channel);
        break;
      case 'publication':
        this.#publication(message.channel, message.position.offset);
        break;
      default:
        break;
    }
  }

  #publication(channel: ChannelName, offset: number): void {
    const next = this.#next.get(channel);
    if (next === undefined) this.#fail(channel, `sent ${offset}, and is no member`);
    else if (next.exact ? offset !== next.offset : offset > next.offset)
      this.#fail(channel, `sent ${offset} where ${next.offset} follows`);
    this.#next.set(channel, { offset: offset + 1, exact: true });
  }

  #fail(channel: ChannelName, what: string): void {
    this.#scene.violate('I1', `${this.#client} in ${channel} is ${what}`);
  }
}

function goesOnAt(resume: Resume, head: number): number {
  switch (resume.outcome) {
    case 'truncated':
      return resume.divergedAt;
    case 'trimmed':
      return resume.firstOffset;
    default:
      return head + 1;
  }
}
