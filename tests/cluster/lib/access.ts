import { systemClock } from '@kittiwake/base';
import {
  type AnyEvents,
  type Channel,
  type ChannelMap,
  type Client,
  createClient,
  webSocketTransport,
} from '@kittiwake/client';
import { until } from '@kittiwake/testkit';
import { SignJWT } from 'jose';
import { type ClientOptions, WebSocket } from 'ws';
import { inNamespace } from './kubectl.ts';

/** A client whose events the suite does not type. */
export type AnyClient = Client<ChannelMap>;

/** What a token is for, beside its user. */
export type TokenOptions = { readonly ttlSeconds?: number; readonly patterns?: readonly string[] };

/** How tests reach the cluster: as clients do, through the ingress. */
export type Access = {
  /** `ws://…/v1/ws`. */
  readonly url: string;
  token(user: string, options?: TokenOptions): Promise<string>;
  /** An SDK client that is connected; over TLS, or to another gateway than one, where asked. */
  connect(
    user: string,
    options?: { readonly secure?: boolean; readonly gatewayOtherThan?: string | undefined },
  ): Promise<AnyClient>;
};

/** Host name of the self-signed certificate. */
const TLS_HOST = 'kittiwake.localhost';
const ATTEMPTS = 40;
const ISSUED_BEFORE_SECONDS = 60;

/** Finds the ingress and the signing key. KITTIWAKE_ADDRESS overrides the ingress' own address. */
export async function openAccess(): Promise<Access> {
  const host = process.env['KITTIWAKE_ADDRESS'] ?? (await ingressAddress());
  const key = new TextEncoder().encode(await secret('kittiwake-signing-keys', 'current'));
  const certificate = await secret('kittiwake-tls', 'tls.crt');
  const url = `ws://${host}/v1/ws`;
  const token: Access['token'] = (user, options) => sign(key, user, options);
  const dial = (user: string, secure: boolean): AnyClient =>
    createClient({
      url: secure ? `wss://${host}/v1/ws` : url,
      token: () => token(user),
      ...(secure ? { transport: webSocketTransport(trusting(certificate)) } : {}),
    });
  return {
    url,
    token,
    async connect(user, { secure = false, gatewayOtherThan } = {}) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const client = dial(user, secure);
        client.connect();
        const gateway = await until(() => gatewayOf(client), {
          timeoutMs: 15_000,
          what: `${user} connected`,
        });
        if (gateway !== gatewayOtherThan) return client;
        client.close();
      }
      throw new Error(`${ATTEMPTS} connections, and all to ${gatewayOtherThan}`);
    },
  };
}

/** The gateway that a client is connected to. */
export function gatewayOf(client: AnyClient): string | undefined {
  return client.status.phase === 'connected' ? client.status.gateway : undefined;
}

/** A member that writes down what it sees: data by offset, offsets in order, and what it is told of a changed history. */
export type Witness = {
  readonly channel: Channel<AnyEvents>;
  readonly seen: ReadonlyMap<number, unknown>;
  readonly order: readonly number[];
  readonly told: readonly unknown[];
};

/** Joins a channel and watches it. */
export async function witness(client: AnyClient, name: string): Promise<Witness> {
  const channel = client.channel(name);
  const seen = new Map<number, unknown>();
  const order: number[] = [];
  const told: unknown[] = [];
  channel.on('publication', ({ position, data }) => {
    seen.set(position.offset, data);
    order.push(position.offset);
  });
  channel.on('truncated', change => void told.push(change));
  const joined = await channel.join();
  if (!joined.ok) throw new Error(`cannot join ${name}: ${joined.error.kind}`);
  return { channel, seen, order, told };
}

function sign(
  key: Uint8Array,
  user: string,
  { ttlSeconds = 3_600, patterns = ['chat:*', 'game:*', 'load:*'] }: TokenOptions = {},
): Promise<string> {
  const nowSeconds = Math.floor(systemClock.nowMs() / 1_000);
  return new SignJWT({ kw: { join: patterns, publish: patterns, presence: patterns, history: patterns } })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuer('kittiwake')
    .setAudience('kittiwake')
    .setIssuedAt(nowSeconds - ISSUED_BEFORE_SECONDS)
    .setExpirationTime(nowSeconds + ttlSeconds)
    .sign(key);
}

async function ingressAddress(): Promise<string> {
  const path = '{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}';
  return until(
    async () => (await inNamespace('get', 'ingress', 'gateway', '-o', `jsonpath=${path}`)) || undefined,
    {
      timeoutMs: 30_000,
      what: 'an address of the ingress',
    },
  );
}

/** One value of a Secret. */
export async function secret(name: string, key: string): Promise<string> {
  const value = await inNamespace(
    'get',
    'secret',
    name,
    '-o',
    `jsonpath={.data.${key.replaceAll('.', '\\.')}}`,
  );
  return Buffer.from(value, 'base64').toString('utf8').trim();
}

/** The platform's WebSocket, but trusting one certificate authority more. */
function trusting(ca: string): typeof globalThis.WebSocket {
  const tls: ClientOptions & { readonly servername: string } = { ca, servername: TLS_HOST };
  class TrustingSocket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, tls);
    }
  }
  return TrustingSocket as unknown as typeof globalThis.WebSocket;
}
