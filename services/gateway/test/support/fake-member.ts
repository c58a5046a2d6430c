import type { Publication, ServerMessage, SessionId, UserId } from '@kittiwake/protocol';
import { jsonCodec } from '@kittiwake/protocol';
import type { Broadcast, Member } from '../../src/channel/member.ts';

/** A member that keeps what it is given, decoded from the very bytes that a JSON peer would get. */
export type FakeMember = Member & {
  readonly received: readonly ServerMessage[];
  /** Offsets of the publications, in the order of their delivery. */
  readonly offsets: readonly number[];
};

/** Makes a member called `name`. */
export function fakeMember(name: string): FakeMember {
  const received: ServerMessage[] = [];
  return {
    id: `session-${name}` as SessionId,
    user: name as UserId,
    received,
    seesPresence: true,
    get offsets() {
      return received
        .filter((message): message is Publication => message.type === 'publication')
        .map(message => message.position.offset);
    },
    deliver(message: Broadcast) {
      const decoded = jsonCodec.decodeServer(message.frame('json').payload.toString());
      if (!decoded.ok)
        throw new Error(`a member was given bytes that are no message: ${decoded.error.message}`);
      received.push(decoded.value);
    },
  };
}
