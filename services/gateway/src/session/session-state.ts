import type { Ref, SessionId } from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';

/** Where a session stands. Each phase holds only what it needs; the drawing is in SPEC.md, section S. */
export type SessionState =
  | { readonly phase: 'awaiting-connect' }
  | {
      readonly phase: 'authenticating';
      readonly ref: Ref;
      readonly continues: SessionId | undefined;
      readonly attempt: number | undefined;
      /** It goes on at another gateway until its client closes it there. */
      readonly moves: boolean;
    }
  | {
      readonly phase: 'connected';
      readonly id: SessionId;
      readonly identity: Identity;
      readonly attempt: number | undefined;
      readonly refreshing: Ref | undefined;
    }
  | { readonly phase: 'closed'; readonly code: number };
