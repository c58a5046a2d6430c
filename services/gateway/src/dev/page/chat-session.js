import { createClient } from '@kittiwake/client';
import { breakableTransport } from './breakable-transport.js';
import { fetchToken } from './dev-api.js';
import { byId, setText } from './element.js';
import { format } from './latency-chart.js';
import { MessageList } from './message-list.js';
import { showPeople } from './people-list.js';
import { ResumePanel } from './resume-panel.js';

const CUT_MS = 5_000;
const HISTORY = 50;

const messages = new MessageList();
const panel = new ResumePanel();

/** One client in one room, drawn on the page. */
export class ChatSession {
  #transport = breakableTransport();
  #channel;
  /** When each message was sent, until it comes back. */
  #sentAtMs = new Map();
  #joinedAt = 0;

  constructor({ user, name, gateway, channel, position }) {
    this.gateway = gateway;
    const token = () => fetchToken(user);
    this.client = createClient({
      url: gateway.url,
      token,
      transport: this.#transport,
      name: 'kittiwake-demo',
    });
    this.#channel = this.client.channel(channel, { presence: { name, typing: false }, position });
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
    const key = crypto.randomUUID();
    this.#sentAtMs.set(key, performance.now());
    const outcome = await this.#channel.publish('chat:message:send', { text, name, id: key }, { key });
    const known = outcome.outcome === 'acked' || outcome.outcome === 'replicated';
    settle(known ? undefined : `${outcome.outcome}: ${outcome.failure.message}`);
    if (!known) this.#sentAtMs.delete(key);
  }

  show(presence) {
    void this.#channel.setPresence(presence);
  }

  cut() {
    panel.log('connection cut', 'bad');
    this.#transport.cutFor(CUT_MS);
    this.client.interrupt();
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
    if (earlier.length > 0) messages.addEarlier(earlier);
  }

  get #session() {
    return this.client.status.session;
  }

  #listen() {
    this.client.on('status', status => showStatus(status));
    this.client.on('goaway', ({ reason }) => panel.log(`the gateway asks to move: ${reason}`));
    this.client.on('error', ({ message }) => panel.log(message, 'bad'));
    this.#channel.on('presence', members => showPeople(members, this.#session));
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
    const id = publication.data?.id;
    const sentAtMs = this.#sentAtMs.get(id);
    if (sentAtMs !== undefined) setText('rtt-deliver', format(performance.now() - sentAtMs));
    this.#sentAtMs.delete(id);
    panel.seen(publication.position);
    messages.add(publication, publication.member === this.#session);
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
