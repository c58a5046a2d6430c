import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { type RedisServer, skipWithoutRedis, until } from '@kittiwake/testkit';
import { say, texts } from '../support/say.ts';
import { startGateway } from '../support/start-gateway.ts';
import { redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';
import { newChannel } from './tier-harness.ts';

const run = promisify(execFile);

suite('a disk that is full', { skip: skipWithoutRedis() || skipWithoutRoot() }, () => {
  let directory: string;
  let server: RedisServer;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kittiwake-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory]);
    server = await startDocumentedRedis({
      lines: [`dir ${directory}`, 'appendonly yes', 'appendfsync everysec'],
    });
  });
  after(async () => {
    await server?.stop();
    await run('umount', [directory]);
    await rm(directory, { recursive: true });
  });

  test('[P4][B6] a full disk under the log refuses publishes, and what was acknowledged before is all there after', async t => {
    const gateway = await startGateway(t, { tier: redisTier(urlOptions(server)) });
    const channel = newChannel();
    const alice = await gateway.connect('alice');
    await alice.ask({ type: 'join', channel }, 'joined');
    await say(alice, channel, 'first');
    const filler = join(directory, 'filler');
    await assert.rejects(writeFile(filler, Buffer.alloc(4_000_000)), { code: 'ENOSPC' });
    const acked: string[] = ['first'];
    const publish = async (): Promise<string> => {
      const text = `${acked.length}: ${'x'.repeat(10_000)}`;
      const ref = alice.nextRef();
      alice.send({ type: 'publish', ref, channel, event: 'chat:message:send' as never, data: { text } });
      const answer = await until(() =>
        alice.received.find(message => 'ref' in message && message.ref === ref),
      );
      if (answer.type === 'ack') acked.push(text);
      return answer.type === 'error'
        ? `${answer.kind} ${answer.message} ${answer.retryAfterMs}`
        : answer.type;
    };
    const refused = await until(async () => {
      const answer = await publish();
      return answer !== 'ack' && answer;
    });
    assert.equal(refused, 'broker_unavailable Redis answered MISCONF 1000');
    await rm(filler);
    await until(async () => (await publish()) === 'ack', { what: 'the log is written again' });
    await alice.expectPublications(channel, acked.length);
    assert.deepEqual(texts(alice.publications(channel)), acked);
    await server.restart();
    const bob = await gateway.connect('bob');
    await until(async () => (await gateway.metric('kittiwake_broker_up')) === 1);
    const joined = await bob.ask({ type: 'join', channel, position: { offset: 0, epoch: 'any' } }, 'joined');
    assert.equal(joined.resume.outcome, 'recovered');
    assert.deepEqual(texts(await bob.expectPublications(channel, acked.length)), acked);
  });
});

/** The `skip` option where no disk of one's own can be mounted. */
function skipWithoutRoot(): false | string {
  return process.getuid?.() === 0 ? false : 'only root can mount a small disk';
}
