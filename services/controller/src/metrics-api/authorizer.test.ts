import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { Authorizer } from './authorizer.ts';

const caller = (user: string, groups: readonly string[] = []) => ({ user, groups, extra: {} });
const REQUEST = { kind: 'path', path: '/apis' } as const;

function create(answer: () => Result<boolean, string>) {
  const clock = createFakeClock();
  let asked = 0;
  const authorizer = new Authorizer(async () => {
    asked += 1;
    return answer();
  }, clock);
  return { clock, authorizer, asked: () => asked };
}

test('[R16] a verdict is remembered for ten seconds', async () => {
  const { clock, authorizer, asked } = create(() => ok(true));
  assert.equal(await authorizer.decide(caller('a'), REQUEST), 'allowed');
  clock.advance(9_999);
  await authorizer.decide(caller('a'), REQUEST);
  assert.equal(asked(), 1);
  clock.advance(1);
  await authorizer.decide(caller('a'), REQUEST);
  assert.equal(asked(), 2);
});

test('[R16] a denial is remembered too, but only for who asked with those groups', async () => {
  const { authorizer, asked } = create(() => ok(false));
  assert.equal(await authorizer.decide(caller('a'), REQUEST), 'denied');
  await authorizer.decide(caller('a', ['g']), REQUEST);
  assert.equal(asked(), 2);
});

test('[R16] what cannot be known is not allowed and not remembered', async () => {
  const { authorizer, asked } = create(() => err('away'));
  assert.equal(await authorizer.decide(caller('a'), REQUEST), 'unknown');
  await authorizer.decide(caller('a'), REQUEST);
  assert.equal(asked(), 2);
});

test('[R16] a thousand verdicts at most are remembered', async () => {
  const { authorizer } = create(() => ok(true));
  for (let user = 0; user < 1_200; user += 1) await authorizer.decide(caller(`u${user}`), REQUEST);
  assert.equal(authorizer.size, 1_000);
});

test('[R16] equal questions at the same time are asked once', async () => {
  const { authorizer, asked } = create(() => ok(true));
  await Promise.all([authorizer.decide(caller('a'), REQUEST), authorizer.decide(caller('a'), REQUEST)]);
  assert.equal(asked(), 1);
});
