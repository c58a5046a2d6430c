import type { Format } from '@kittiwake/protocol';
import type { OutboundFrame } from '../protocol/outbound-frame.ts';

/** The connection as its session calls it; implemented by the transport, which the session never imports. */
export type Peer = {
  readonly format: Format;
  readonly address: string;
  send(frame: OutboundFrame): 'sent' | 'buffered' | 'overflow' | 'closed';
  close(code: number, reason: string): void;
};
