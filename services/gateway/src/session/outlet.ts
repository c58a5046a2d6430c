import type { Format } from '@kittiwake/protocol';
import type { Broadcast } from '../channel/member.ts';
import type { OutboundFrame } from '../protocol/outbound-frame.ts';

/** The way of a channel's messages to one peer. */
export type Outlet = {
  /** The member stands at this offset: what it is given next follows on. */
  joinedAt(offset: number): void;
  /** What a resume owes: all of it. */
  replay(message: Broadcast): void;
  /** What is live. */
  give(message: Broadcast): void;
  /** Nothing more is given. */
  end(): void;
};

/** What an outlet writes to. */
export type OutletDeps = { readonly format: Format; readonly write: (frame: OutboundFrame) => void };

/** The way of channels whose members get everything. */
export function plainOutlet({ format, write }: OutletDeps): Outlet {
  const give = (message: Broadcast): void => write(message.frame(format));
  return { joinedAt: () => {}, replay: give, give, end: () => {} };
}
