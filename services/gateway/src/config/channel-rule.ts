import type { Result } from '@kittiwake/base';
import type { AckLevel, ChannelName, EventName, Json } from '@kittiwake/protocol';

/** Who may do something in a channel: whom the token grants it, every session, or nobody (backends use the HTTP API). */
export type Access = 'token' | 'everyone' | 'nobody';

/** How many, and how fast: a token bucket of `burst` that refills with `perSecond`. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** Where and why data does not fit its schema. */
export type SchemaViolation = { readonly path: string; readonly problem: string };

/** When a publication may be shown (SPEC C11): once it is stored, or once a replica holds it as well. */
export const VISIBILITIES = ['stored', 'replicated'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** How the channels of one pattern behave; the first pattern that matches counts. */
export type ChannelRule = {
  readonly pattern: string;
  /** Publications kept for resumes; size 0 keeps none. */
  readonly history: { readonly size: number; readonly ageMs: number };
  readonly presence: boolean;
  /** Whether a member that reads slowly gets the newest publication of each event only (SPEC C13). */
  readonly conflate: boolean;
  /** Level of a publish that asks for none. */
  readonly ack: AckLevel;
  /** How long idempotency keys, and the states of producers, are remembered. */
  readonly idempotencyMs: number;
  readonly visibility: Visibility;
  readonly access: {
    readonly join: Access;
    readonly publish: Access;
    readonly presence: Access;
    readonly history: Access;
  };
  /** Publications of all members on one gateway together. */
  readonly rate: Rate;
  /** Backend that answers requests of this channel, if any. */
  readonly responder: { readonly url: string; readonly timeoutMs: number } | undefined;
  /** Checks data against the schema of its event and version; events without a schema pass unless `strict`. */
  check(event: EventName, version: number, data: Json): Result<void, SchemaViolation>;
};

/** Finds the rule of a channel; `undefined` where no pattern matches. */
export type ChannelRules = { find(channel: ChannelName): ChannelRule | undefined };
