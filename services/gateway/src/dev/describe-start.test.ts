import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBroker, describeStart, describeStartFailure } from './describe-start.ts';

const GATEWAY = { clients: 8_000, api: 8_100, operations: 8_200 };
const STARTED = { ports: [GATEWAY], apiKey: 'key', broker: 'memory', uptimeMs: 612.4 };

test('[V1] says where it is and how to get a token', () => {
  const text = describeStart(STARTED);
  assert.match(text, /up in 612 ms\. Open http:\/\/localhost:8000 in two tabs/);
  assert.match(text, /API http:\/\/localhost:8100 {3}metrics http:\/\/localhost:8200\/metrics/);
  assert.match(text, /npx kittiwake token --user alice --join 'chat:\*' --from dev$/m);
});

test('[V1] the token command names a gateway that is not where it is looked for', () => {
  const text = describeStart({ ...STARTED, ports: [{ clients: 8_400, api: 8_500, operations: 8_600 }] });
  assert.match(text, /--from dev --url http:\/\/localhost:8400$/m);
});

test('[V2] a port that is taken is named, with a way out', () => {
  const reason = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 8_200 });
  assert.match(describeStartFailure(reason), /^Port 8200 is taken[\s\S]*npm start -- --port 8400/);
});

test('[V2] a port that needs rights says so', () => {
  const reason = Object.assign(new Error('listen EACCES'), { code: 'EACCES', port: 80 });
  assert.match(describeStartFailure(reason), /^Port 80 may not be used by this user/);
});

test('[V2] any other failure keeps its own words', () => {
  assert.equal(describeStartFailure(new Error('no such file')), 'It cannot start: no such file');
  assert.equal(describeStartFailure('odd'), 'It cannot start: odd');
});

test('[V1] a broker is shown without its password, and says when it does not answer', () => {
  const config = { kind: 'redis', url: 'redis://user:secret@127.0.0.1:6379' } as const;
  assert.equal(describeBroker(config, { phase: 'ready', epoch: 'a' }), 'Redis at 127.0.0.1:6379');
  const silent = describeBroker(config, { phase: 'degraded', reason: 'connect' });
  assert.match(silent, /^Redis at 127\.0\.0\.1:6379: no answer yet/);
});
