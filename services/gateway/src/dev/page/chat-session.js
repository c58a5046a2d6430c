import { createClient } from '@kittiwake/client';
import { breakableTransport } from './breakable-transport.js';
import { fetchToken } from './dev-api.js';
import { byId, setText } from './element.js';
import { format } from './latency-chart.js';
import { MessageList } from './message-list.js';
import { showPeople } from './people-list.js';
import { ResumePanel } from './resume-panel.js';

const HISTORY = 50;

const messages = new MessageList();
const panel = new ResumePanel();

/** One client in one room, drawn on the page. */
export class ChatSession {
  #transport = breakableTransport();
  #channel;
  /** Names of members by their session, also of those who left. */
  #names = new Map();
  #joinedAt = 0;
  #user;

  constructor({ user, name, gateway, channel, position }) {
    this.gateway = gateway;
    this.#user = user;
    const token = () => fetchToken(user);
    this.client = createClient({
      url: gateway.url,
      token,
      transport: this.#transport,
      name: 'kittiwake-demo',
    });
    this.#channel = this.client.channel(channel, {
      presence: this.#presence({ name, typing: false }),
      position,
    });
    this.#listen();
    this.client.connect();
    void this.#enter(position === undefined);
  }

  get position() {
    return this.#channel.position;
  }

  /** Publishes; the message is drawn at once, and again where it belongs when it comes back. */
  async send(name, text) {
    const settle = messages.addPending(name, text);
    const outcome = await this.#channel.publish('chat:message:send', { text, sentAtMs: Date.now() });
    const known = outcome.outcome === 'acked' || outcome.outcome === 'replicated';
    settle(known ? undefined : `${outcome.outcome}: ${outcome.failure.message}`);
  }

  show(presence) {
    void this.#channel.setPresence(this.#presence(presence));
  }

  cut(durationMs) {
    panel.log('connection cut', 'bad');
    this.#transport.cutFor(durationMs);
    this.client.interrupt();
    setTimeout(() => this.client.status.phase !== 'closed' && this.client.connect(), durationMs);
  }

  close() {
    this.client.close();
  }

  /** Joins first and reads the history then, so that nothing falls in between; what both have is drawn once. */
  async #enter(withHistory) {
    const joined = await this.#channel.join();
    if (!joined.ok) return messages.note(`not joined: ${joined.error.message}`);
    if (!withHistory) return;
    const history = await this.#channel.history({ limit: HISTORY });
    if (!history.ok) return messages.note(`no history: ${history.error.message}`);
    const earlier = history.value.publications.filter(({ position }) => position.offset <= this.#joinedAt);
    if (earlier.length > 0) messages.addEarlier(earlier, publication => this.#by(publication));
  }

  get #session() {
    return this.client.status.session;
  }

  #listen() {
    this.client.on('status', status => showStatus(status));
    this.client.on('goaway', ({ reason }) => panel.log(`the gateway asks to move: ${reason}`));
    this.client.on('error', ({ message }) => panel.log(message, 'bad'));
    this.#channel.on('presence', members => this.#present(members));
    this.#channel.on('publication', publication => this.#shown(publication));
    this.#channel.on('resumed', resumed => this.#resumed(resumed));
    this.#channel.on('truncated', change =>
      this.#changed(change, `the history was truncated from #${change.from}`),
    );
    this.#channel.on('trimmed', change =>
      this.#changed(change, `#${change.from} to #${change.to} are no longer kept`),
    );
    this.#channel.on('unknown', change => this.#changed(change, 'the history is another one'));
  }

  #shown(publication) {
    const sentHere = publication.member === this.#session;
    const sentAtMs = publication.data?.sentAtMs;
    if (sentHere && typeof sentAtMs === 'number') setText('rtt-deliver', format(Date.now() - sentAtMs));
    panel.seen(publication.position);
    messages.add(publication, this.#by(publication));
  }

  #present(members) {
    for (const { member, user, data } of members) this.#names.set(member, String(data?.name ?? user));
    showPeople(members, this.#session);
  }

  /** Whose publication it is; what this user said in another tab is its own as well. */
  #by({ member, user }) {
    return { name: this.#names.get(member) ?? user ?? 'backend', own: user === this.#user };
  }

  #presence(shown) {
    return { ...shown, gateway: this.gateway.id };
  }

  #resumed(resumed) {
    if (resumed.outcome === 'fresh') this.#joinedAt = resumed.position.offset;
    panel.resumed(resumed);
  }

  #changed({ outcome, from, position }, text) {
    if (outcome === 'truncated') messages.truncate(from);
    panel.restart(position);
    messages.note(text);
  }
}

function showStatus(status) {
  const node = byId('status');
  node.dataset.phase = status.phase;
  node.textContent = describe(status);
  if (status.phase === 'connected') panel.log(`connected to ${status.gateway}`, 'good');
  if (status.phase === 'closed') panel.log(`closed: ${status.reason}`, 'bad');
}

function describe(status) {
  switch (status.phase) {
    case 'connected':
      return `connected to ${status.gateway}`;
    case 'reconnecting':
    case 'suspended':
      return `reconnecting (${status.reason}, attempt ${status.failures})`;
    case 'closed':
      return `closed: ${status.reason}`;
    default:
      return status.phase;
  }
}
