import { assert, type Result } from '@kittiwake/base';
import { errorBody } from './api-error.ts';
import type { BackendFailure, BackendPublish, BackendPublished } from './backend-port.ts';

/** Publishes that run at once. */
const CONCURRENT_MAX = 64;

/** What became of the broadcast in one channel. */
export type BroadcastResult = {
  readonly channel: string;
  readonly published?: BackendPublished;
  readonly error?: ReturnType<typeof errorBody>;
};

/** Publishes one command after the other, a bounded number at once; one that fails stops no other. Order is kept. */
export async function broadcast(
  commands: readonly BackendPublish[],
  publish: (command: BackendPublish) => Promise<Result<BackendPublished, BackendFailure>>,
): Promise<readonly BroadcastResult[]> {
  const results = new Map<number, BroadcastResult>();
  const queue = commands.entries();
  const worker = async (): Promise<void> => {
    for (const [index, command] of queue) {
      const published = await publish(command);
      const { channel } = command;
      results.set(
        index,
        published.ok
          ? { channel, published: published.value }
          : { channel, error: errorBody(published.error) },
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT_MAX, commands.length) }, worker));
  return commands.map((_, index) => {
    const result = results.get(index);
    assert(result !== undefined, 'every command of a broadcast has a result');
    return result;
  });
}
