import type { Json, Ref } from '@kittiwake/protocol';
import type { Settle } from '../connection/pending-requests.ts';
import type { Wire } from '../connection/wire.ts';
import { joinMessage } from './join-message.ts';
import type { MembershipDeps } from './membership-port.ts';
import type { ResumePoint } from './resume.ts';

/** The one `join` of a channel whose answer counts, and the `leave` that takes it back. */
export class JoinRequest {
  readonly #name: MembershipDeps['name'];
  readonly #wire: Wire;
  #asked: Ref | undefined;

  constructor({ name, wire }: Pick<MembershipDeps, 'name' | 'wire'>) {
    this.#name = name;
    this.#wire = wire;
  }

  /** Asks to be a member from `point` on; the answer to an earlier join is stale from now on. */
  ask(
    { point, shown }: { readonly point: ResumePoint | undefined; readonly shown: Json | undefined },
    answered: Settle,
  ): void {
    this.forget();
    this.#asked = this.#wire.ask(
      ref => joinMessage({ ref, channel: this.#name }, point, shown),
      answer => {
        this.#asked = undefined;
        answered(answer);
      },
    );
  }

  leave(): void {
    this.forget();
    this.#wire.ask(
      ref => ({ type: 'leave', ref, channel: this.#name }),
      () => {},
    );
  }

  forget(): void {
    if (this.#asked !== undefined) this.#wire.forget(this.#asked);
    this.#asked = undefined;
  }
}
