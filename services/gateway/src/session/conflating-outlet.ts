import type { Publication } from '@kittiwake/protocol';
import { goesOnAfter } from '../channel/goes-on-after.ts';
import type { Broadcast } from '../channel/member.ts';
import { encodeFrame, sharedBroadcast } from '../protocol/encode.ts';
import type { OutboundFrame } from '../protocol/outbound-frame.ts';
import { NewestOfEach } from './newest-of-each.ts';
import type { Outlet, OutletDeps } from './outlet.ts';
import type { ReadGauge } from './read-gauge.ts';

/** What a conflating outlet needs besides. */
export type ConflatingOutletDeps = OutletDeps & {
  readonly gauge: Pick<ReadGauge, 'isBehind' | 'sent' | 'whenRead'>;
  /** So many publications were left out, as newer ones of their events came. */
  readonly onLeftOut: (publications: number) => void;
};

/**
 * The way of channels of which only the newest matters (SPEC C13): while the peer is behind, the newest publication of each
 * event is kept, and sent once it has read what is on its way. What is left out is told before what follows it.
 *
 *     published    51 52 53 … 99 100       51 to 99 are price:set, 100 is state:set
 *     sent         51 52 · truncated: trimmed, it goes on at 99 · 99 100
 */
export class ConflatingOutlet implements Outlet {
  readonly #deps: ConflatingOutletDeps;
  readonly #newest = new NewestOfEach();
  /** Offset of the last publication that was sent. */
  #last = 0;
  #isWaiting = false;

  constructor(deps: ConflatingOutletDeps) {
    this.#deps = deps;
  }

  joinedAt(offset: number): void {
    this.#last = offset;
  }

  /** Paced by itself, and up to where the member has joined. */
  replay(message: Broadcast): void {
    this.#deps.write(message.frame(this.#deps.format));
  }

  give(broadcast: Broadcast): void {
    const { message } = broadcast;
    switch (message.type) {
      case 'publication':
        if (this.#newest.isEmpty && !this.#deps.gauge.isBehind) this.#send(message);
        else this.#hold(message);
        return;
      case 'truncated':
        // What was published before the history changed comes before the news of that, so that the two fit.
        this.#flush();
        this.#write(broadcast.frame(this.#deps.format));
        this.#last = goesOnAfter(message.resume, message.position);
        return;
      default:
        this.#write(broadcast.frame(this.#deps.format));
    }
  }

  end(): void {
    this.#newest.take();
  }

  #hold(publication: Publication): void {
    this.#newest.hold(publication);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#deps.gauge.whenRead(() => {
      this.#isWaiting = false;
      this.#flush();
    });
  }

  #flush(): void {
    for (const publication of this.#newest.take()) this.#send(publication);
  }

  #send(publication: Publication): void {
    const { format, onLeftOut } = this.#deps;
    const { channel, position } = publication;
    const leftOut = position.offset - this.#last - 1;
    if (leftOut > 0) {
      const resume = { outcome: 'trimmed', firstOffset: position.offset } as const;
      this.#write(encodeFrame(format, { type: 'truncated', channel, position, resume }));
      onLeftOut(leftOut);
    }
    this.#last = position.offset;
    this.#write(sharedBroadcast(publication).frame(format));
  }

  #write(frame: OutboundFrame): void {
    this.#deps.write(frame);
    this.#deps.gauge.sent(frame.payload.length);
  }
}
