import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { err, ok } from '@kittiwake/base';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import type { KubeError } from '../kube/kube-error.ts';
import type { LogFields } from '../telemetry/logger.ts';
import { type BootstrapPorts, bootstrap } from './apply.ts';
import { planBootstrap } from './plan.ts';
import { makeSecret, type NewSecret, SECRET_NAMES } from './secrets.ts';

const WANTED = { ownJob: 'bootstrap-2', tlsHosts: ['kittiwake.localhost'] };

/** A cluster that keeps what is made; listing Jobs fails first as `failures` say. */
function fakeCluster(
  secrets: Map<string, NewSecret>,
  deleted: string[],
  failures: KubeError['kind'][],
): BootstrapPorts {
  return {
    async createSecret(secret) {
      if (secrets.has(secret.name)) return ok('present');
      secrets.set(secret.name, secret);
      return ok('created');
    },
    async listJobs() {
      const kind = failures.shift();
      if (kind !== undefined) return err({ kind, code: 0, message: kind });
      return ok([
        { name: 'bootstrap-1', isFinished: true },
        { name: 'bootstrap-2', isFinished: true },
        { name: 'bootstrap-3', isFinished: false },
      ]);
    },
    async deleteJob(name) {
      deleted.push(name);
      return ok();
    },
  };
}

function create(first: readonly KubeError['kind'][] = []) {
  const clock = createFakeClock();
  const secrets = new Map<string, NewSecret>();
  const deleted: string[] = [];
  const lines: string[] = [];
  const log = (event: string, fields?: LogFields): void =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  const logger = { debug: log, info: log, warn: log, error: log };
  const ports = fakeCluster(secrets, deleted, [...first]);
  const run = async () => {
    const done = bootstrap({
      ports,
      clock,
      random: createSeededRandom(3),
      logger,
      wanted: WANTED,
      deadlineMs: 20_000,
    });
    await clock.run(25_000);
    return done;
  };
  return { clock, secrets, deleted, lines, run };
}

test('[R19] makes what is absent and tidies up after earlier templates', async () => {
  const { run, secrets, deleted } = create();
  assert.equal((await run()).ok, true);
  assert.deepEqual([...secrets.keys()], [...SECRET_NAMES]);
  assert.deepEqual(deleted, ['bootstrap-1']);
});

test('[R20] a second run, or one at the same time, changes nothing', async () => {
  const { run, secrets } = create();
  await run();
  const before = JSON.stringify([...secrets]);
  assert.equal((await run()).ok, true);
  assert.equal(JSON.stringify([...secrets]), before);
});

test('[R20] waits for the API server, and for rights that are applied at the same time', async () => {
  const { run, secrets } = create(['unavailable', 'timeout', 'forbidden']);
  assert.equal((await run()).ok, true);
  assert.equal(secrets.size, 5);
});

test('[R20] gives up at its deadline', async () => {
  const { run } = create(Array<'unavailable'>(1_000).fill('unavailable'));
  const done = await run();
  assert.equal(done.ok ? undefined : done.error.kind, 'unavailable');
});

test('[R20] what will never work is not tried again', async () => {
  const { run, lines } = create(['rejected']);
  assert.equal((await run()).ok, false);
  assert.deepEqual(lines, []);
});

test('[R20] logs name Secrets and hold nothing of them', async () => {
  const { run, secrets, lines } = create();
  await run();
  for (const { data } of secrets.values()) {
    for (const value of Object.values(data))
      assert.ok(!lines.some(line => line.includes(value.slice(0, 20))));
  }
  assert.ok(lines.some(line => line.includes('kittiwake-redis')));
});

test('[R19] without hosts no certificate is made', () => {
  const actions = planBootstrap({ jobs: [] }, { ownJob: 'x', tlsHosts: [] });
  assert.equal(
    actions.some(action => action.name === 'kittiwake-tls'),
    false,
  );
});

test('[R19] keys are long enough, and the certificate names its hosts', async () => {
  const sources = {
    random: createSeededRandom(1),
    nowMs: Date.UTC(2026, 0, 1),
    tlsHosts: ['a.example', '10.0.0.1'],
  };
  assert.match((await makeSecret('kittiwake-signing-keys', sources)).data['current'] ?? '', /^[\w-]{64}$/);
  assert.match((await makeSecret('kittiwake-api-key', sources)).data['api-key'] ?? '', /^[\w-]{43}$/);
  const operations = await makeSecret('kittiwake-operations-key', sources);
  assert.match(operations.data['operations-key'] ?? '', /^[\w-]{43}$/);
  const certificate = new X509Certificate((await makeSecret('kittiwake-tls', sources)).data['tls.crt'] ?? '');
  assert.equal(certificate.subjectAltName, 'DNS:a.example, IP Address:10.0.0.1');
});
