import type { Result } from '@kittiwake/base';
import type {
  AckLevel,
  ChannelName,
  ErrorKind,
  EventName,
  Json,
  Position,
  PresenceEntry,
  Producer,
  Publication,
  SessionId,
  UserId,
} from '@kittiwake/protocol';

/** Why a call was not done. */
export type BackendFailure = {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly path?: string;
  /** With `sequence_gap`: the number after the last one that is stored. */
  readonly expectedSequence?: number;
  /** With `sequence_gap`: for how long the channel remembers a producer. */
  readonly rememberedMs?: number;
};

/** A publication of a backend: no user, no member; access rules do not apply to it, rates and schemas do. */
export type BackendPublish = {
  readonly channel: ChannelName;
  readonly event: EventName;
  readonly version: number;
  readonly data: Json;
  /** The channel's default where absent. */
  readonly ack?: AckLevel;
  /** Idempotency key. */
  readonly key?: string;
  /** Who publishes, and the number of the publish; counts instead of `key`. */
  readonly producer?: Producer;
  readonly traceparent?: string;
};

/** What became of it. There is no position where a producer's duplicate is not remembered any more. */
export type BackendPublished = {
  readonly level: AckLevel;
  readonly position?: Position;
  readonly duplicate: boolean;
};

/** One gateway as it announced itself. */
export type GatewaySummary = {
  readonly gateway: string;
  readonly version: string;
  readonly connections: number;
  readonly sessions: number;
  readonly channels: number;
  readonly draining: boolean;
  readonly startedAtMs: number;
  /** How long ago something that it published came back to it, where it says so. */
  readonly heardAgoMs?: number;
};

/** Everything that the HTTP API calls; wiring implements it over channels and broker. No method throws. */
export type BackendPort = {
  publish(command: BackendPublish): Promise<Result<BackendPublished, BackendFailure>>;
  presence(channel: ChannelName): Promise<Result<readonly PresenceEntry[], BackendFailure>>;
  /** The newest `limit` publications, oldest first, and where the channel stands. */
  history(
    channel: ChannelName,
    limit: number,
  ): Promise<
    Result<{ readonly position: Position; readonly publications: readonly Publication[] }, BackendFailure>
  >;
  /** Tells every gateway to disconnect a user's sessions, or one session. */
  disconnect(
    target: { readonly user: UserId } | { readonly session: SessionId },
  ): Promise<Result<void, BackendFailure>>;
  gateways(): Promise<Result<readonly GatewaySummary[], BackendFailure>>;
};
