import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CLOSE_CODES,
  ERROR_KINDS,
  LIMITS,
  RETRIES,
  retryAfterClose,
  SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
  utf8Length,
} from './index.ts';

const closes = Object.entries(CLOSE_CODES);
const errors = Object.entries(ERROR_KINDS);

test('[X1] every close code and error kind says what a client does next', () => {
  for (const [name, row] of [...closes, ...errors]) assert.ok(RETRIES.includes(row.retry), name);
});

test('[X1] close codes are those of RFC 6455, or of the range for private use', () => {
  for (const code of Object.keys(CLOSE_CODES).map(Number)) {
    assert.ok((code >= 1000 && code <= 1015) || (code >= 4000 && code <= 4999), String(code));
  }
});

test('[X1] reasons are unique and, like kinds, usable as metric labels', () => {
  const reasons = closes.map(([, row]) => row.reason);
  assert.equal(new Set(reasons).size, reasons.length);
  for (const label of [...reasons, ...Object.keys(ERROR_KINDS)]) assert.match(label, /^[a-z][a-z0-9_]*$/);
});

test('[X5] every close reason fits a close frame', () => {
  for (const [code, { reason }] of closes) assert.ok(utf8Length(reason) <= LIMITS.closeReasonBytesMax, code);
});

test('[X1] a kind and a close code of one name mean the same retry', () => {
  for (const [code, close] of closes) {
    const kind = errors.find(([name]) => name === close.reason)?.[1];
    if (kind !== undefined) assert.equal(close.retry, kind.retry, code);
  }
});

test('[K2] a code that the table does not have is like a broken connection', () => {
  assert.equal(retryAfterClose(4999), retryAfterClose(1006));
  assert.equal(retryAfterClose(4402), 'reauth');
});

test('[M5] limits are positive, and a token fits a message', () => {
  for (const [name, value] of Object.entries(LIMITS))
    assert.ok(Number.isSafeInteger(value) && value > 0, name);
  assert.ok(LIMITS.tokenBytesMax < LIMITS.messageBytesMax);
  assert.ok(LIMITS.messageBytesMax < LIMITS.serverMessageBytesMax);
});

test('[S1] subprotocols are tokens of RFC 7230, and none looks like a token subprotocol', () => {
  for (const name of Object.values(SUBPROTOCOL)) {
    assert.match(name, /^[A-Za-z0-9.-]+$/);
    assert.equal(name.startsWith(TOKEN_SUBPROTOCOL_PREFIX), false);
  }
});
