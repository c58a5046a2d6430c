import type { AckLevel } from '@kittiwake/protocol';
import type { PublishCommand } from './broker.ts';

/** The level that a publish has reached once the broker says that it is stored (SPEC P2, C11). */
export function levelOf({ ack, visibility }: Pick<PublishCommand, 'ack' | 'visibility'>): AckLevel {
  if (visibility === 'replicated') return 'replicated';
  return ack === 'received' ? 'primary' : ack;
}
