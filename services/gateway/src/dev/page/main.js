import { Bot } from './bot.js';
import { ChatSession } from './chat-session.js';
import { setUpCut } from './cut-button.js';
import { fetchInfo } from './dev-api.js';
import { byId, element, setText } from './element.js';
import { LatencyChart } from './latency-chart.js';

const TYPING_MS = 2_500;
const PING_MS = 1_000;

const query = new URLSearchParams(location.search);
const user = (query.get('user') ?? `guest-${Math.floor(Math.random() * 900 + 100)}`).slice(0, 64);
const info = await fetchInfo();
const { gateways } = info;
const channel = (query.get('channel') ?? info.channel).slice(0, 200);
const chart = new LatencyChart();
const bot = new Bot();
let session = open(gateways.find(({ id }) => id === query.get('gateway')) ?? gateways[0]);
let typing;

setUp();
setInterval(async () => {
  const rtt = await session.client.ping();
  chart.add(rtt.ok ? rtt.value : undefined);
  setText('queued', String(session.client.queued.messages));
}, PING_MS);

function open(gateway, position) {
  document.title = `Kittiwake · ${channel}`;
  setText('room', channel);
  return new ChatSession({ user, name: nameOf(), gateway, channel, position });
}

function setUp() {
  byId('name').value = query.get('name') ?? user;
  byId('gateway').append(
    ...gateways.map(({ id }) => Object.assign(element('option', { content: id }), { value: id })),
  );
  byId('gateway').value = session.gateway.id;
  byId('gateway').addEventListener('change', moveTo);
  byId('name').addEventListener('input', () => session.show({ name: nameOf(), typing: false }));
  byId('text').addEventListener('input', startTyping);
  byId('compose').addEventListener('submit', send);
  setUpCut(durationMs => session.cut(durationMs));
  byId('bot').addEventListener('click', toggleBot);
  const second = { user: `${user}-2`, gateway: otherGateway().id, channel };
  byId('second').href = `?${new URLSearchParams(second)}`;
  session.show({ name: nameOf(), typing: false });
}

/** Goes on from the same position on another gateway: what was published meanwhile is replayed there. */
function moveTo() {
  const gateway = gateways.find(({ id }) => id === byId('gateway').value);
  const { position } = session;
  session.close();
  session = open(gateway, position);
}

function send(event) {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text === '') return;
  byId('text').value = '';
  stopTyping();
  void session.send(nameOf(), text);
}

/** Typing is presence, not a message: it is never stored, and the last word counts. */
function startTyping() {
  if (typing === undefined) session.show({ name: nameOf(), typing: true });
  clearTimeout(typing);
  typing = setTimeout(stopTyping, TYPING_MS);
}

function stopTyping() {
  if (typing === undefined) return;
  clearTimeout(typing);
  typing = undefined;
  session.show({ name: nameOf(), typing: false });
}

function toggleBot() {
  if (bot.talking) bot.stop();
  else bot.start({ url: otherGateway().url, channel });
  byId('bot').setAttribute('aria-pressed', String(bot.talking));
  byId('bot').textContent = bot.talking ? 'Stop the bot' : 'Let a bot talk';
}

function otherGateway() {
  return gateways.find(({ id }) => id !== session.gateway.id) ?? gateways[0];
}

function nameOf() {
  return byId('name').value.trim() || user;
}
