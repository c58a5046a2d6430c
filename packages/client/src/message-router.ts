import { assertNever } from '@kittiwake/base';
import type { ErrorMessage, Goaway, Ref, ServerMessage } from '@kittiwake/protocol';
import type { Channel } from './channel/channel.ts';
import type { ChannelMessage } from './channel/membership-port.ts';
import type { Wire } from './connection/wire.ts';
import type { Counters } from './counters.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Publisher } from './publish/publisher.ts';

/** Where messages go. */
export type Destinations = {
  readonly wire: Wire;
  readonly publisher: Publisher;
  readonly channels: ReadonlyMap<string, Channel<never>>;
  readonly counters: Counters;
  goaway(message: Goaway): void;
  refusal(failure: Failure): void;
};

/** Hands a message to whoever waits for it; what nobody waits for is counted and dropped (SPEC K7). */
export function route(message: ServerMessage, to: Destinations): void {
  switch (message.type) {
    case 'publication':
    case 'truncated':
    case 'presence-sync':
    case 'presence-diff':
      toChannel(message, to);
      return;
    case 'goaway':
      to.goaway(message);
      return;
    case 'error':
      if (message.ref === undefined) refuse(message, to);
      else answer(message.ref, message, to);
      return;
    case 'pong':
      // Without a ref it answers a probe, for which any sign of life will do.
      if (message.ref !== undefined) answer(message.ref, message, to);
      return;
    case 'joined':
    case 'left':
    case 'ack':
    case 'response':
      answer(message.ref, message, to);
      return;
    case 'connected':
    case 'refreshed':
    case 'ping':
      // The connection keeps these to itself.
      return;
    default:
      assertNever(message);
  }
}

/** The same, for what the gateway before a move still says. */
export function routeFormer(message: ServerMessage, to: Destinations): void {
  switch (message.type) {
    case 'publication':
    case 'truncated':
    case 'presence-sync':
    case 'presence-diff':
      to.channels.get(message.channel)?.handle({ type: 'former', message });
      return;
    case 'goaway':
      // It was obeyed.
      return;
    default:
      route(message, to);
      return;
  }
}

function toChannel(message: ChannelMessage, { channels, counters }: Destinations): void {
  const channel = channels.get(message.channel);
  if (channel === undefined) counters.strays += 1;
  else channel.handle(message);
}

function answer(ref: Ref, message: ServerMessage, { publisher, wire, counters }: Destinations): void {
  const ofPublish = message.type === 'ack' || message.type === 'error';
  if (ofPublish && publisher.answer(ref, message)) return;
  if (!wire.answer(ref, message)) counters.staleAnswers += 1;
}

function refuse(message: ErrorMessage, to: Destinations): void {
  const failure = failureOf(message);
  if (message.channel !== undefined) to.channels.get(message.channel)?.handle({ type: 'error', failure });
  to.refusal(failure);
}
