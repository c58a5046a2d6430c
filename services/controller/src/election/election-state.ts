/** What the Lease says; `version` is its resourceVersion, without which no update is made. */
export type LeaseRecord = {
  /** Empty: released. */
  readonly holder: string;
  readonly durationMs: number;
  /** Wall-clock text of the holder: compared for equality only, never with our own clock. */
  readonly renewTime: string;
  /** When its holder first got it, kept over renewals; for people. */
  readonly acquireTime: string;
  readonly transitions: number;
  readonly version: string;
};

/** A record, and when this process saw it for the first time (own monotonic clock). */
export type Observation = { readonly record: LeaseRecord; readonly sinceMs: number };

/**
 * Where one replica stands in the election.
 * - `following`: somebody else holds the Lease, or nobody that we know of.
 * - `leading`: we wrote it; `renewedAtMs` is when the last successful write BEGAN, so that our own view always ends first.
 * - `releasing`: asked to stop while leading; the write that gives the Lease away is under way.
 * - `stopped`: takes no part.
 */
export type ElectionState =
  | { readonly phase: 'following'; readonly seen: Observation | undefined }
  | { readonly phase: 'leading'; readonly record: LeaseRecord; readonly renewedAtMs: number }
  | { readonly phase: 'releasing'; readonly record: LeaseRecord }
  | { readonly phase: 'stopped' };

/** What happens to a replica; `beganAtMs` is when the request that is answered was sent. */
export type ElectionEvent =
  | { readonly kind: 'tick' }
  | { readonly kind: 'read'; readonly record: LeaseRecord | undefined; readonly beganAtMs: number }
  | { readonly kind: 'wrote'; readonly record: LeaseRecord; readonly beganAtMs: number }
  | { readonly kind: 'lost-race' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'stop' };

/** What the shell does about it. */
export type ElectionEffect =
  | { readonly kind: 'read' }
  | { readonly kind: 'create' }
  | { readonly kind: 'update'; readonly over: LeaseRecord; readonly transitions: number }
  | { readonly kind: 'release'; readonly over: LeaseRecord }
  | { readonly kind: 'won' }
  | { readonly kind: 'lost'; readonly reason: 'deadline' | 'taken' | 'stopping' };

/** Who we are, and how long things may take. */
export type ElectionRules = {
  readonly identity: string;
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
};

/** Where every replica starts. */
export const INITIAL: ElectionState = { phase: 'following', seen: undefined };
