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
    name: 'live-overtakes-the-replay',
    file: `${SRC}/session/channel-member.ts`,
    find: 'if (this.#owed.length === 0) this.#deps.outlet.give(',
    replace: 'if (this.#owed.length >= 0) this.#deps.outlet.give(',
    why: 'what is live is sent before the rest of a replay',
    breaks: 'I1',
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
    name: 'repair-of-one-page',
    file: `${SRC}/channel/stream-keeper.ts`,
    find: 'if (run.again || behind) continue;\n        if (!this.#resume(channel, channel.standing)) return;',
    replace:
      'if (run.again) continue;\n        if (!this.#resume(channel, standingAt(page.value, page.value.head.offset))) return;',
    why: 'a channel goes live at the head of its log, however much of a gap was filled',
    breaks: 'I1',
  },
  {
    name: 'linger-never-ends',
    file: `${SRC}/channel/channel-presence.ts`,
    find: 'this.#deps.clock.after(this.#deps.lingerMs, () => void this.remove(channel, member))',
    replace: 'this.#deps.clock.after(this.#deps.lingerMs, () => {})',
    why: 'whoever does not come back stays on the list',
    breaks: 'I5',
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
    name: 'live-on-a-closed-channel',
    file: `${SRC}/channel/stream-keeper.ts`,
    find: "if (channel.phase === 'closed') return false;",
    replace: '',
    why: 'a repair goes live after its last delivery ended the last member',
    breaks: 'I7',
  },
  {
    name: 'called-back-while-moving',
    file: `${SRC}/session/transition.ts`,
    find: 'continued: state.continues === id && !state.moves,',
    replace: 'continued: state.continues === id,',
    why: 'a session that moves is closed as replaced where it moves from, and its client stops for good',
    breaks: 'I5',
  },
];
