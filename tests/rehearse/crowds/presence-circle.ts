import { until } from '@kittiwake/testkit';
import { type AnyClient, openAccess } from '../../cluster/lib/access.ts';

/** Clients that show themselves in one channel, and one more that looks at them. */
export type PresenceCircle = {
  /** How many are shown wrongly now: absent, more than once, or not one of them. */
  wrong(): number;
  /** The most often that one of them left the list. */
  mostLeft(): number;
  close(): void;
};

const BATCH = 10;
const ALL_MS = 15_000;

/** Connects so many that show themselves; when it resolves, the one that looks sees each of them. */
export async function openPresence(channelName: string, members: number): Promise<PresenceCircle> {
  const access = await openAccess();
  const clients: AnyClient[] = [];
  const names = Array.from({ length: members }, (_, index) => `shown-${index}`);
  while (clients.length < members) {
    const batch = names.slice(clients.length, clients.length + BATCH);
    clients.push(...(await Promise.all(batch.map(name => access.connect(name)))));
  }
  await Promise.all(
    clients.map((client, index) =>
      client.channel(channelName, { presence: { name: names[index] ?? '' } }).join(),
    ),
  );
  const observer = await access.connect('observer');
  const channel = observer.channel(channelName);
  const left = new Map<string, number>();
  let shown: readonly string[] = [];
  channel.on('presence', view => {
    const next = view.map(({ data }) => nameOf(data));
    for (const name of shown) if (!next.includes(name)) left.set(name, (left.get(name) ?? 0) + 1);
    shown = next;
  });
  await channel.join();
  const circle: PresenceCircle = {
    wrong: () => wrongOf(shown, names),
    mostLeft: () => Math.max(0, ...left.values()),
    close() {
      for (const client of [...clients, observer]) client.close();
    },
  };
  await until(() => circle.wrong() === 0, { timeoutMs: ALL_MS, what: 'everybody shown' });
  return circle;
}

/** Names that are not shown exactly once, and shown ones that are no names. */
export function wrongOf(shown: readonly string[], names: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const name of shown) counts.set(name, (counts.get(name) ?? 0) + 1);
  const strangers = [...counts.keys()].filter(name => !names.includes(name)).length;
  return strangers + names.filter(name => counts.get(name) !== 1).length;
}

function nameOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'name' in data ? String(data.name) : '';
}
