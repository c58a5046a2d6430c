import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPinoLogger, type LogLevel } from './pino-logger.ts';

function logging(level: LogLevel = 'debug') {
  const lines: { [name: string]: unknown }[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createPinoLogger({ level, fields: { gateway: 'gateway-0' }, destination });
  return { log, lines };
}

test('[O20] a line is one JSON object with time, level, event and fields', () => {
  const { log, lines } = logging();
  log.info('session.opened', { session: 's1', resumed: true, channels: 2, absent: undefined });
  const [{ time, ...line } = {}] = lines;
  assert.deepEqual(line, {
    level: 'info',
    event: 'session.opened',
    gateway: 'gateway-0',
    session: 's1',
    resumed: true,
    channels: 2,
  });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('[O20] a child carries its fields on every line', () => {
  const { log, lines } = logging();
  log.child({ session: 's1' }).child({ channel: 'chat:1' }).warn('channel.slow');
  assert.partialDeepStrictEqual(lines[0], {
    level: 'warn',
    gateway: 'gateway-0',
    session: 's1',
    channel: 'chat:1',
  });
});

test('[O20] lines below the level are not written', () => {
  const { log, lines } = logging('warn');
  log.debug('a');
  log.info('b');
  log.error('c');
  assert.deepEqual(
    lines.map(line => line['event']),
    ['c'],
  );
});

test('[O21] secrets are not written, by name or by shape', () => {
  const { log, lines } = logging();
  log.child({ apiKey: 'hunter2' }).error('auth.failed', {
    token: 'hunter2',
    sentinelPassword: 'hunter2',
    Authorization: 'Bearer hunter2',
    reason: 'bad eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln at redis://user:hunter2@host:6379/0',
  });
  const line = JSON.stringify(lines[0]);
  assert.doesNotMatch(line, /hunter2|eyJ/);
  assert.equal(lines[0]?.['reason'], 'bad [redacted] at redis://[redacted]@host:6379/0');
});

test('[O21] long values are cut', () => {
  const { log, lines } = logging();
  log.info('x', { reason: 'r'.repeat(10_000) });
  assert.equal(String(lines[0]?.['reason']).length, 513);
});
