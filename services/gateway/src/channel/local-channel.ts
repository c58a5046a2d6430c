import { assert } from '@kittiwake/base';
import {
  type ChannelName,
  extendChain,
  type Position,
  type PresenceDiff,
  type PresenceSync,
  type Publication,
  type Resume,
  type ServerMessage,
  type SessionId,
} from '@kittiwake/protocol';
import type { ChannelRule } from '../config/channel-rule.ts';
import { EncodedBroadcast, sharedBroadcast } from '../protocol/encode.ts';
import type { Broadcast, Member } from './member.ts';
import { PresenceView } from './presence-view.ts';
import type { RecentPast } from './recent-past.ts';
import type { Standing } from './standing.ts';
import { type CursorVerdict, follow } from './stream-cursor.ts';

/** Where a channel of this gateway stands with its stream. */
type StreamPhase =
  | { readonly phase: 'opening' }
  | { readonly phase: 'live' }
  /** The log is being read; what arrives meanwhile is held. */
  | { readonly phase: 'repairing' }
  | { readonly phase: 'closed' };

/** A member that waits for its replay: what went to the others meanwhile is kept for it. */
export type Joining = { readonly missed: Publication[]; stale: boolean };

/** Publications held while the log is read; more than this are read from the log again instead. */
const HELD_MAX = 1_024;

/** What one fan-out did. */
export type FanOut = { readonly members: number };

/**
 * One channel on this gateway: its local members and the place in the stream up to which they have everything.
 * It holds state and fans out; reading the log and talking to the broker is the hub's.
 */
export class LocalChannel {
  readonly name: ChannelName;
  readonly rule: ChannelRule;
  readonly presence = new PresenceView();
  readonly #members = new Map<SessionId, Member>();
  readonly #joining = new Set<Joining>();
  #stream: StreamPhase = { phase: 'opening' };
  #standing: Standing = { position: { offset: 0, epoch: '' }, chain: [] };
  #held: Publication[] = [];
  #past: RecentPast | undefined;

  constructor(name: ChannelName, rule: ChannelRule) {
    this.name = name;
    this.rule = rule;
  }

  get phase(): StreamPhase['phase'] {
    return this.#stream.phase;
  }

  /** The last publication that the members have. */
  get cursor(): Position {
    return this.#standing.position;
  }

  /** What the members have, as it is compared with the log (SPEC C10). */
  get standing(): Standing {
    return this.#standing;
  }

  /** The newest part of the stream, up to the cursor, where it is held for those who come back. */
  get past(): RecentPast | undefined {
    return this.#past;
  }

  /** Nobody is here and nobody is about to be. */
  get idle(): boolean {
    return this.#members.size === 0 && this.#joining.size === 0;
  }

  attach(member: Member): void {
    assert(!this.#members.has(member.id), 'a member is attached once');
    this.#members.set(member.id, member);
  }

  detach(member: SessionId): boolean {
    return this.#members.delete(member);
  }

  /** Starts to keep what is delivered for somebody who is still reading the past. */
  beginJoining(): Joining {
    const joining: Joining = { missed: [], stale: false };
    this.#joining.add(joining);
    return joining;
  }

  endJoining(joining: Joining): void {
    this.#joining.delete(joining);
  }

  /** Keeps a past that ends at the cursor, until it is let go or the history changes. */
  hold(past: RecentPast): void {
    this.#past = past;
  }

  letGo(past: RecentPast): void {
    if (this.#past === past) this.#past = undefined;
  }

  /** The log must be read: hold what arrives. */
  repairing(): void {
    if (this.#stream.phase === 'live') this.#stream = { phase: 'repairing' };
  }

  /**
   * A read of the log begins. Everything that was announced before is in the log, or is not of its history (a primary that
   * was deposed may still announce), so only what arrives from here on has to be looked at afterwards.
   */
  beginReading(): void {
    this.#held = [];
  }

  close(): void {
    this.#stream = { phase: 'closed' };
    this.#held = [];
    this.#past = undefined;
  }

  /** Takes a publication from the broker. `repair` asks the caller to read the log; the publication is held. */
  receive(publication: Publication): { readonly verdict: CursorVerdict | 'held'; readonly fanOut?: FanOut } {
    if (this.#stream.phase === 'closed') return { verdict: 'duplicate' };
    if (this.#stream.phase !== 'live') {
      this.#hold(publication);
      return { verdict: 'held' };
    }
    const verdict = follow(this.cursor, publication.position);
    if (verdict === 'deliver') return { verdict, fanOut: this.advance(publication) };
    if (verdict === 'repair') this.#hold(publication);
    return { verdict };
  }

  /** Gives the next publication to everybody and moves the cursor. */
  advance(publication: Publication): FanOut {
    const { position } = publication;
    this.#standing = { position, chain: extendChain(this.#standing.chain, position) };
    for (const joining of this.#joining) {
      if (joining.missed.length < HELD_MAX) joining.missed.push(publication);
      else joining.stale = true;
    }
    this.#past?.add(publication);
    return this.#give(sharedBroadcast(publication));
  }

  /** The log is where the members stand: deliver from there. Returns what was held and follows on, oldest first. */
  live(standing: Standing): readonly Publication[] {
    assert(this.#stream.phase !== 'closed', 'a closed channel stays closed');
    this.#standing = standing;
    this.#stream = { phase: 'live' };
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** Tells everybody that the history changed under them (SPEC C6), and moves the cursor to where it goes on. */
  restart(resume: Resume, from: Standing, head: Position): void {
    for (const joining of this.#joining) joining.stale = true;
    this.#standing = from;
    this.#past = undefined;
    this.broadcast({ type: 'truncated', channel: this.name, position: head, resume });
  }

  /** Sends one message to every member, encoded once per format. */
  broadcast(message: ServerMessage): FanOut {
    return this.#give(new EncodedBroadcast(message));
  }

  /** Sends one message about presence to every member that may see it. */
  broadcastPresence(message: PresenceSync | PresenceDiff): void {
    const broadcast = new EncodedBroadcast(message);
    for (const member of this.#members.values()) if (member.seesPresence) member.deliver(broadcast);
  }

  #give(broadcast: Broadcast): FanOut {
    for (const member of this.#members.values()) member.deliver(broadcast);
    return { members: this.#members.size };
  }

  #hold(publication: Publication): void {
    // When too many wait, the oldest go: the next one that follows then shows a gap, and the log is read again.
    if (this.#held.length >= HELD_MAX) this.#held.shift();
    this.#held.push(publication);
  }
}
