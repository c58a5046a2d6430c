import { createClient } from '@kittiwake/client';
import { fetchToken } from './dev-api.js';

const WORDS = [
  'kittiwake',
  'cliff',
  'wind',
  'tide',
  'herring',
  'feather',
  'storm',
  'north',
  'island',
  'dive',
];
const PERIOD_MS = 800;

/** A second client in this page, on whichever gateway it is given, that talks: so that a cut has something to replay. */
export class Bot {
  #client;
  #timer;

  get talking() {
    return this.#client !== undefined;
  }

  start({ url, channel }) {
    this.#client = createClient({ url, token: () => fetchToken('bot'), name: 'kittiwake-demo-bot' });
    const room = this.#client.channel(channel, { presence: { name: 'Bot' } });
    this.#client.connect();
    void room.join();
    this.#timer = setInterval(() => {
      const text = `${pick()} ${pick()} ${pick()}`;
      void room.publish('chat:message:send', { text });
    }, PERIOD_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#client?.close();
    this.#client = undefined;
  }
}

function pick() {
  return WORDS[Math.floor(Math.random() * WORDS.length)];
}
