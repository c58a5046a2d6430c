import type { Millis, Result } from '@kittiwake/base';
import type { SessionId, UserId } from '@kittiwake/protocol';
import type { BrokerFailure } from './broker.ts';

/** What one gateway tells all others, itself included. */
export type ControlMessage =
  | { readonly type: 'disconnect-user'; readonly user: UserId }
  | { readonly type: 'disconnect-session'; readonly session: SessionId }
  | {
      readonly type: 'session-continued';
      readonly session: SessionId;
      readonly gateway: string;
      /** Which connect of the session it is, where the client counts them. */
      readonly attempt?: number;
    };

/** What a gateway announces about itself. */
export type GatewayInfo = {
  readonly gateway: string;
  readonly version: string;
  readonly connections: number;
  readonly sessions: number;
  readonly channels: number;
  readonly draining: boolean;
  readonly startedAtMs: number;
};

/** A gateway that announced itself, and since when nothing that it published came back to it; absent where it does not say. */
export type ListedGateway = GatewayInfo & { readonly heardAgoMs?: Millis };

/** Gateway to gateway. Best effort: a message may be lost, and none is repeated. */
export type GatewayBus = {
  start(onMessage: (message: ControlMessage) => void): Promise<void>;
  stop(): Promise<void>;
  broadcast(message: ControlMessage): Promise<Result<void, BrokerFailure>>;
  /** Says that this gateway lives; forgotten after three missed announcements (10 s each). */
  announce(info: GatewayInfo): Promise<Result<void, BrokerFailure>>;
  gateways(): Promise<Result<readonly ListedGateway[], BrokerFailure>>;
  /** How long ago something that this gateway published came back to it; since it was started where nothing ever did. */
  heardAgoMs(): Millis;
};
