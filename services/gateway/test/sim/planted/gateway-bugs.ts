import type { PlantedBug } from './planted-bug.ts';

const SRC = 'services/gateway/src';

/** Mistakes in channels and sessions. */
export const GATEWAY_BUGS: readonly PlantedBug[] = [
  {
    name: 'gap-check-off-by-one',
    file: `${SRC}/channel/stream-cursor.ts`,
    find: 'if (next.offset === cursor.offset + 1) return',
    replace: 'if (next.offset === cursor.offset + 1 || next.offset === cursor.offset + 2) return',
    why: 'a gateway takes the publication after the next one for the next one',
    breaks: 'I1',
  },
  {
    name: 'missed-while-joining',
    file: `${SRC}/channel/replay.ts`,
    find: 'publications: [...past.value.publications, ...joining.missed]',
    replace: 'publications: past.value.publications',
    why: 'what was published while a replay was read is given to everybody but the one that reads',
    breaks: 'I1',
  },
  {
    name: 'stale-replay-used',
    file: `${SRC}/channel/replay.ts`,
    find: 'if (!joining.stale && past.value !== undefined',
    replace: 'if (past.value !== undefined',
    why: 'a replay is used although the history changed while it was read',
    breaks: 'I1',
  },
  {
    name: 'ahead-of-the-gateway',
    file: `${SRC}/channel/replay.ts`,
    find: 'if (attempt === 0 && since !== undefined && since.offset > channel.cursor.offset)',
    replace: 'if (attempt > 9 && since !== undefined)',
    why: 'a member that has seen more than its new gateway is not waited for',
    breaks: 'I1',
  },
  {
    name: 'live-overtakes-the-replay',
    file: `${SRC}/session/channel-member.ts`,
    find: 'if (this.#owed.length === 0) this.#deps.write(',
    replace: 'if (this.#owed.length >= 0) this.#deps.write(',
    why: 'what is live is sent before the rest of a replay',
    breaks: 'I1',
  },
  {
    name: 'held-ones-dropped',
    file: `${SRC}/channel/local-channel.ts`,
    find: 'const held = this.#held;\n    this.#held = [];\n    return held;',
    replace: 'this.#held = [];\n    return [];',
    why: 'what arrived while the log was read is forgotten',
    breaks: 'I6',
  },
  {
    name: 'members-not-told-of-a-truncation',
    file: `${SRC}/channel/local-channel.ts`,
    find: "this.broadcast({ type: 'truncated', channel: this.name, position: head, resume });",
    replace:
      'if (head.offset < 0) this.broadcast({ type: ' +
      "'truncated', channel: this.name, position: head, resume });",
    why: 'members that stayed connected hear nothing of a failover that lost entries',
    breaks: 'I1',
  },
  {
    name: 'overflow-ignored',
    file: `${SRC}/session/peer-writer.ts`,
    find: "if (this.#peer.send(frame) === 'overflow') this.#onOverflow();",
    replace: 'this.#peer.send(frame);',
    why: 'what does not fit the outbox is dropped, and the connection goes on',
    breaks: 'I1',
  },
  {
    name: 'only-one-waiter-is-woken',
    file: `${SRC}/session/pacer.ts`,
    find: 'for (const work of waiting) work();',
    replace: 'waiting[0]?.();',
    why: 'of two replays that wait for their peer to read, one goes on',
    breaks: 'I6',
  },
  {
    name: 'ghost-after-the-welcome',
    file: `${SRC}/channel/hub.ts`,
    find: `      channel.attach(member);
      this.#countMembers(1);
      options.welcome({
        resume: replay.value.resume,
        position: channel.cursor,
        replay: replay.value.publications,
      });`,
    replace: `      options.welcome({
        resume: replay.value.resume,
        position: channel.cursor,
        replay: replay.value.publications,
      });
      channel.attach(member);
      this.#countMembers(1);`,
    why: 'a member whose welcome ended its session stays in the hub',
    breaks: 'I7',
  },
  {
    name: 'live-on-a-closed-channel',
    file: `${SRC}/channel/stream-keeper.ts`,
    find: "if (channel.phase === 'closed') return false;",
    replace: '',
    why: 'a repair goes live after its last delivery ended the last member',
    breaks: 'I7',
  },
  {
    name: 'late-connect-replaces',
    file: `${SRC}/session/supersedes.ts`,
    find: 'attempt >= other;',
    replace: 'attempt >= 0;',
    why: 'a connect that arrives late closes the connection that its client has made since',
    breaks: 'I5',
  },
  {
    name: 'epoch-of-a-publication-ignored',
    file: `${SRC}/channel/stream-cursor.ts`,
    find: "if (next.epoch !== cursor.epoch) return 'repair';",
    replace: '',
    why: 'a gateway delivers what follows by its offset, whichever history it is of',
    breaks: 'I4',
  },
  {
    name: 'held-ones-delivered-unchecked',
    file: `${SRC}/channel/stream-keeper.ts`,
    find: 'const { verdict, fanOut } = channel.receive(publication);\n      if',
    replace: "const verdict: string = 'deliver', fanOut = channel.advance(publication);\n      if",
    why: 'what arrived while the log was read is delivered although the log had it',
    breaks: 'I1',
  },
  {
    name: 'member-stays-in-the-hub',
    file: `${SRC}/session/memberships.ts`,
    find: 'this.#deps.hub.leave(channel, member.id);',
    replace: '',
    why: 'whoever leaves a channel goes on being sent what is published there',
    breaks: 'I7',
  },
  {
    name: 'linger-never-ends',
    file: `${SRC}/channel/channel-presence.ts`,
    find: 'this.#deps.clock.after(this.#deps.lingerMs, () => void this.remove(channel, member))',
    replace: 'this.#deps.clock.after(this.#deps.lingerMs, () => {})',
    why: 'whoever does not come back stays on the list',
    breaks: 'I5',
  },
];
