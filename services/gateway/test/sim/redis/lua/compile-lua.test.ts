import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLua } from './compile-lua.ts';
import type { LuaValue } from './lua-value.ts';

const ARGV = ['10', 'x,y,z', 'é/"1'];

/** Runs a script whose only command gives its arguments back. */
function evaluate(source: string): LuaValue {
  const echo = { name: 'ECHO' };
  const find = (name: string): typeof echo | undefined => (name === 'ECHO' ? echo : undefined);
  const script = compileLua(source, { name: 'sample', numberOfKeys: 2, find });
  return script(['a', 'bb', ...ARGV], { call: (_, args) => args, pcall: (_, args) => args });
}

test('[Y1] a script means in JavaScript what it means in Lua', () => {
  assert.equal(evaluate(`return 1 + ARGV[1] * 2 - -7 % 3`), 19);
  assert.equal(evaluate(`return #ARGV[3] .. string.sub(ARGV[3], 3)`), '5/"1');
  assert.equal(evaluate(`local a = 1 local a = a + 1 return a`), 2);
  assert.deepEqual(evaluate(`local t, n = string.gsub(ARGV[2], ',', '') return { t, n }`), ['xyz', 2]);
  assert.deepEqual(evaluate(`return redis.call('echo', 1.5, 'x', unpack({ 7, KEYS[2] }))`), [
    '1.5',
    'x',
    '7',
    'bb',
  ]);
  assert.equal(evaluate(`local function f(x) if x > 3 then return x end return f(x + 1) end return f(0)`), 4);
});

test('[Y1] a closure and the loop around it see the variable of their own turn', () => {
  const loop = `local all = '' for i = 1, 3 do local function f() return i end all = all .. f() end return all`;
  assert.equal(evaluate(loop), '123');
});

test('[Y1] what is not modelled is an error that names the line', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    [`return 1\n`.replace('1', 'foo'), /sample:1: the global foo/],
    [`local x = 1\nx = redis.call('SHUTDOWN')`, /sample:2: the command SHUTDOWN/],
    [`return redis.call(ARGV[1])`, /sample:1: a command whose name is computed/],
    [`\n\nreturn os.time()`, /sample:3: os\.time/],
    [`for k in pairs({}) do end`, /sample:1: a loop but of ipairs/],
    [`return string.gsub('a', '.', 'b')`, /sample:1: `\.` in a pattern/],
    [`return tonumber(string.gsub('a', 'a', 'b'))`, /sample:1: a call of several values/],
    [`local r = redis.call('ECHO')\nr[1] = 2`, /sample:2: writing to a table/],
    [`local a, b = string.find('a', 'b', 1, true)`, /sample:1: the end of what string\.find found/],
    [`return 'é'`, /sample:1: a text beyond ASCII/],
  ];
  for (const [source, message] of refused) assert.throws(() => evaluate(source), message);
});
