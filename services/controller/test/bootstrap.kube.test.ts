import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { textsAt } from '../src/decode/json-view.ts';
import { SKIP, TestCluster, type TestProcess } from './test-cluster.ts';

const NAMESPACE = 'kw-bootstrap-test';
const NAMES = ['kittiwake-signing-keys', 'kittiwake-api-key', 'kittiwake-redis', 'kittiwake-tls'];

describe('the bootstrap on a real cluster', { skip: SKIP, timeout: 60_000 }, () => {
  let cluster: TestCluster;

  const run = (): Promise<TestProcess> =>
    cluster.start('bootstrap/main.ts', 'bootstrap', { JOB_NAME: 'bootstrap-test' });
  const secrets = async (): Promise<string> => {
    const found: (readonly [string, string][])[] = [];
    for (const name of NAMES) {
      const secret = await cluster.call({
        method: 'GET',
        path: `/api/v1/namespaces/${NAMESPACE}/secrets/${name}`,
      });
      found.push([...textsAt(secret, 'data')]);
    }
    return JSON.stringify(found);
  };

  before(async () => {
    cluster = await TestCluster.open(NAMESPACE);
  });
  after(() => cluster.close());

  test('[R20] three runs at the same time, with the right to create Secrets and no other, end well and make one set', async () => {
    const runs = await Promise.all([run(), run(), run()]);
    assert.deepEqual(await Promise.all(runs.map(process => process.ended())), [0, 0, 0]);
    assert.ok((await secrets()).includes('gateway-password'));
  });

  test('[R20] another run changes nothing', async () => {
    const earlier = await secrets();
    assert.equal(await (await run()).ended(), 0);
    assert.equal(await secrets(), earlier);
  });
});
