import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { FakeRedisClient } from '../../../test/support/fake-redis-client.ts';
import { createRecordingMetrics } from '../../metrics/recording-metrics.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { Lane } from './lane.ts';
import { TailWatch } from './tail-watch.ts';

test('[B9] a database that was emptied is noticed by the gateway that wrote its generation as well', async () => {
  const { look, emptied } = await watch();
  const written = await look(undefined);
  await look(written);
  assert.equal(emptied(), 0);
  const again = await look(undefined);
  assert.equal(emptied(), 1);
  await look(again);
  assert.equal(emptied(), 1);
});

/** A watch that looks when the test says so. */
async function watch() {
  const client = new FakeRedisClient();
  const clock = createFakeClock();
  const deps = { clock, random: createSeededRandom(1), metrics: createRecordingMetrics(), log: silentLogger };
  const commands = new Lane({ ...deps, client, name: 'commands' });
  const tails = new TailWatch({ commands, clock });
  let emptied = 0;
  const onEmptied = (): void => {
    emptied += 1;
  };
  tails.listen({ onEmptied, onDoubt: () => {}, onHidden: () => {} });
  commands.start();
  await clock.run(0);
  tails.start();
  return {
    emptied: () => emptied,
    /** A look at a database of this generation, or at one that has none yet; gives the generation that it has afterwards. */
    look: async (generation: string | undefined): Promise<string> => {
      const looking = tails.look();
      await clock.run(0);
      const sent = client.sent.shift();
      const found = generation ?? String(sent?.args[1]);
      sent?.answer([found]);
      await looking;
      return found;
    },
  };
}
