import nodeAssert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError, assert, assertExists, assertNever } from './assert.ts';

test('[Z1] a belief that holds does nothing, a broken one throws what was believed', () => {
  assert(true, 'never shown');
  nodeAssert.throws(() => assert(0, 'there is a session'), {
    name: 'AssertionError',
    message: 'there is a session',
  });
});

test('[Z1] assertExists returns what is there, zero and the empty string included', () => {
  nodeAssert.equal(assertExists(0, 'a number'), 0);
  nodeAssert.equal(assertExists('', 'a text'), '');
  nodeAssert.throws(() => assertExists(null, 'a value'), AssertionError);
  nodeAssert.throws(() => assertExists(undefined, 'a value'), AssertionError);
});

test('[Z1] a member of a union that was forgotten throws at run time', () => {
  nodeAssert.throws(() => assertNever('forgotten' as never), AssertionError);
});
