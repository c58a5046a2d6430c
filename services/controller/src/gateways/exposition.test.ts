import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sumOf } from './exposition.ts';

const NAME = 'kittiwake_connections_active';

const GOOD: readonly (readonly [string, string, number])[] = [
  ['a plain sample', `# HELP ${NAME} Open.\n# TYPE ${NAME} gauge\n${NAME} 42\n`, 42],
  ['labels', `${NAME}{format="json"} 1\n${NAME}{format="msgpack"} 2\n`, 3],
  ['a label that holds a brace and a quote', `${NAME}{a="}\\" 9"} 7`, 7],
  ['a timestamp and spaces', `${NAME} \t 5 1700000000000 \n`, 5],
  ['an exponent', `${NAME} 1.5e+03\n`, 1_500],
  ['CRLF', `${NAME} 4\r\n`, 4],
  ['a metric whose name begins alike', `${NAME}_total 9\n${NAME} 4\n`, 4],
  ['rubbish in other metrics', `other{ NaN\n\u0000\n${NAME} 4`, 4],
];
for (const [what, text, expected] of GOOD) {
  test(`[R11] reads ${what}`, () => assert.deepEqual(sumOf(text, NAME), { ok: true, value: expected }));
}

for (const rest of [
  ' NaN',
  ' +Inf',
  ' -1',
  ' ',
  ' 1 2 3',
  '{a="b" 1',
  '{a="b"}',
  '{a=b"} 1',
  ' 0x10',
  ' 1e999',
  ' 1_0',
  `{a="${'x'.repeat(9_000)}"} 1`,
]) {
  test(`[R11] refuses "${rest.slice(0, 20)}"`, () => {
    const sum = sumOf(`${NAME} 3\n${NAME}${rest}\n`, NAME);
    assert.equal(sum.ok ? undefined : sum.error.kind, 'malformed');
  });
}

test('[R11] a metric that is not there is absent, not 0', () => {
  const sum = sumOf('other 1\n', NAME);
  assert.equal(sum.ok ? undefined : sum.error.kind, 'absent');
});

test('[R11] no text makes it throw, and what it reads is a finite number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const sum = sumOf(`${NAME}${text}`, NAME);
      if (sum.ok) assert.ok(Number.isFinite(sum.value) && sum.value >= 0);
    }),
  );
});
