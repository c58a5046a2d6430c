import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Millis, type Random, randomInt } from '@kittiwake/base';
import { REFUSALS, type RefusalKind } from './upgrade.ts';

/** Answers handshakes that are refused, with as little work as possible: a storm is refused by it (rule T3). */
export type Refusals = {
  /** Writes the answer and ends the connection. `retryAfterMs` is when to come back, where that is known. Never throws. */
  send(socket: Duplex, kind: RefusalKind, retryAfterMs?: Millis): void;
};

/** Builds the answers. Those to come back later say when: `Retry-After` from 1 to `retryAfterSecondsMax`, spread evenly. */
export function createRefusals(options: {
  readonly random: Random;
  readonly retryAfterSecondsMax: number;
}): Refusals {
  const prebuilt = new Map<string, Buffer>();
  return {
    send(socket, kind, retryAfterMs) {
      const seconds = retryAfterMs === undefined ? spread(kind, options) : Math.ceil(retryAfterMs / 1_000);
      const key = `${kind} ${seconds}`;
      const answer = prebuilt.get(key) ?? build(kind, seconds);
      prebuilt.set(key, answer);
      socket.once('finish', () => socket.destroy());
      if (socket.writable) socket.end(answer);
      else socket.destroy();
    },
  };
}

/** Some second of the range where it helps to come back at all, else 0. */
function spread(
  kind: RefusalKind,
  { random, retryAfterSecondsMax }: { readonly random: Random; readonly retryAfterSecondsMax: number },
): number {
  const { status } = REFUSALS[kind];
  return status === 503 || status === 429 ? 1 + randomInt(random, retryAfterSecondsMax) : 0;
}

function build(kind: RefusalKind, retryAfterSeconds: number): Buffer {
  const { status } = REFUSALS[kind];
  const body = `{"error":{"kind":"${kind}"}}`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  if (retryAfterSeconds > 0) lines.push(`Retry-After: ${retryAfterSeconds}`);
  // RFC 6455 §4.4: say which version would do. RFC 9110 §15.5.22: a 426 names the protocol.
  if (status === 426) lines.push('Sec-WebSocket-Version: 13', 'Upgrade: websocket');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
}
