import {
  type BackoffBounds,
  type Clock,
  type Millis,
  type Random,
  systemClock,
  systemRandom,
} from '@kittiwake/base';
import { type Codec, jsonCodec } from '@kittiwake/protocol';
import { CONNECTION_POLICY, type ConnectionPolicy } from './connection/connection-policy.ts';
import { type HintSource, platformHints } from './connection/platform-hints.ts';
import type { TokenSource } from './connection/token-source.ts';
import type { DurableStore } from './publish/durability.ts';
import { QUEUE_BOUNDS, type QueueBounds } from './publish/queue-bounds.ts';
import { type ListenerFailed, reportListenerFailure } from './store/emitter.ts';
import type { Transport } from './transport/transport.ts';
import { webSocketTransport } from './transport/websocket-transport.ts';

/** What `createClient` takes. Only `url` and `token` are needed; every duration is in milliseconds. */
export type ClientOptions = {
  /** Address of the endpoint, as `wss://realtime.example.com/v1/ws`. */
  readonly url: string;
  /** A token, or how to get one; with a string, a token that expires closes the client. */
  readonly token: TokenSource;
  /** Name and version of the application, for the gateway's logs. Default `kittiwake-js`. */
  readonly name?: string;
  /** How messages are written. Default JSON; `msgpackCodec` of `@kittiwake/protocol/msgpack` is the other one. */
  readonly codec?: Codec;
  /** Default: the platform's WebSocket. */
  readonly transport?: Transport;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Hints that the network or the user is back. Default: the browser's events. */
  readonly hints?: HintSource;
  /** Delay between attempts. Default: full jitter, base 1 s, cap 30 s. */
  readonly reconnect?: Partial<BackoffBounds>;
  /** From the dial to an open socket, and again to `connected`. Default 3,000, for an ingress may dial a dead pod for seconds; up to four times that after attempts to which nobody answered. */
  readonly connectTimeoutMs?: Millis;
  /** For the acknowledgement of one sending of a publish. Default 5,000. */
  readonly ackTimeoutMs?: Millis;
  /** For the answer to a request, a join, a leave or a presence. Default 5,000. */
  readonly requestTimeoutMs?: Millis;
  /** When an outage is shown as `suspended`. Default 120,000. */
  readonly suspendAfterMs?: Millis;
  /** Bounds of the publishes that wait. Default: 1,000 messages, 1 MB, 2 minutes, `reject`. */
  readonly queue?: Partial<QueueBounds>;
  /** Where publishes outlive the client: `indexedDbStore(…)`, `fileStore(…)`, `durable(…)`. Default: they do not (SPEC K14). */
  readonly store?: DurableStore;
  /** Requests that may wait for their answer. Default 1,000. */
  readonly requestsMax?: number;
  /** Takes what a listener throws. Default: the platform's report of uncaught errors. */
  readonly onListenerError?: ListenerFailed;
};

/** The options, all of them. */
export type Settings = {
  readonly url: string;
  readonly token: TokenSource;
  readonly name: string;
  readonly codec: Codec;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly hints: HintSource;
  readonly policy: ConnectionPolicy;
  readonly queue: QueueBounds;
  readonly store: DurableStore | undefined;
  readonly ackTimeoutMs: Millis;
  readonly requestTimeoutMs: Millis;
  readonly requestsMax: number;
  readonly onListenerError: ListenerFailed;
};

/** Fills in the defaults. */
export function settingsOf(options: ClientOptions): Settings {
  return {
    url: options.url,
    token: options.token,
    name: options.name ?? 'kittiwake-js',
    codec: options.codec ?? jsonCodec,
    transport: options.transport ?? webSocketTransport(),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    hints: options.hints ?? platformHints,
    policy: policyOf(options),
    queue: { ...QUEUE_BOUNDS, ...options.queue },
    store: options.store,
    ackTimeoutMs: options.ackTimeoutMs ?? 5_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    requestsMax: options.requestsMax ?? 1_000,
    onListenerError: options.onListenerError ?? reportListenerFailure,
  };
}

function policyOf(options: ClientOptions): ConnectionPolicy {
  return {
    ...CONNECTION_POLICY,
    backoff: { ...CONNECTION_POLICY.backoff, ...options.reconnect },
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECTION_POLICY.connectTimeoutMs,
    suspendAfterMs: options.suspendAfterMs ?? CONNECTION_POLICY.suspendAfterMs,
    tokenRenewable: typeof options.token === 'function',
  };
}
