import type { CloseCode, ErrorKind, Ref, ServerMessage, SessionId } from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';

/** What the shell does after a transition, in order. */
export type SessionEffect =
  | { readonly effect: 'send'; readonly message: ServerMessage }
  | { readonly effect: 'fail'; readonly kind: ErrorKind; readonly message: string; readonly ref?: Ref }
  | { readonly effect: 'verify'; readonly token: string }
  /** Fire `deadline` in this long; replaces the one before. */
  | { readonly effect: 'arm'; readonly afterMs: number }
  | { readonly effect: 'disarm' }
  /** The session stands: it is entered in the registry, and others that hold the same id are told. */
  | {
      readonly effect: 'establish';
      readonly id: SessionId;
      readonly identity: Identity;
      /** An older peer of it, wherever it is, is to be closed. */
      readonly continued: boolean;
      /** Which connect of its session this is, where the client counts them. */
      readonly attempt: number | undefined;
    }
  | { readonly effect: 'close'; readonly code: CloseCode };
