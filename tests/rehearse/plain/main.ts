import { systemClock, systemRandom } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { signToken } from '../../drill/clients/sign-token.ts';
import { PlainClient } from './plain-client.ts';
import type { PlainEvent, PlainPlan } from './plain-message.ts';

/** A process of plain clients, started by a rehearsal; it tells what becomes of them, and ends with the rehearsal. */
const CLIENTS_PER_USER = 100;

process.once('message', (plan: PlainPlan) => void connectAll(plan));
process.on('disconnect', () => process.exit(0));

async function connectAll({ url, clients, pacePerSecond, signingKey }: PlainPlan): Promise<void> {
  const tell = (what: PlainEvent['what'], client: number): void => {
    process.send?.({ what, client, atMs: systemClock.nowMs() } satisfies PlainEvent);
  };
  for (let client = 0; client < clients; client += 1) {
    const user = `plain-${Math.floor(client / CLIENTS_PER_USER)}`;
    const token = signToken(systemClock, user, signingKey);
    new PlainClient({
      url,
      token,
      random: systemRandom,
      connected: () => tell('connected', client),
      lost: () => tell('lost', client),
    });
    await elapse(1_000 / pacePerSecond);
  }
}
