import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missingRight } from './rights.ts';

const LUA = new URL('./lua/', import.meta.url);

test('[B10] a refusal says which right is missing, in the words of every version', () => {
  const cases: readonly (readonly [words: string, right: string | undefined])[] = [
    ["NOPERM this user has no permissions to run the 'evalsha' command", 'evalsha'],
    ["NOPERM User gateway has no permissions to run the 'wait' command", 'wait'],
    ["ERR The user executing the script can't run this command or subcommand", 'tried'],
    ["ACL failure in script: User gateway has no permissions to run the 'xadd' command", 'xadd'],
    ["ERR unknown command 'INFO', with args beginning with: 'replication' ", 'info'],
    ['ERR Unknown Redis command called from script script: 1, on @user_script:1.', 'tried'],
    ['NOPERM this user has no permissions to access one of the keys used as arguments', '~kw:*'],
    ['NOPERM No permissions to access a key', '~kw:*'],
    ['NOPERM this user has no permissions to access one of the channels used as arguments', '&kw:*'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'login'],
    ['NOAUTH Authentication required.', 'login'],
    ['NOREPLICAS Not enough good replicas to write.', undefined],
    ['ERR value is not an integer or out of range', undefined],
    ["ERR wrong number of arguments for 'hset' command", undefined],
    ['Command timed out', undefined],
  ];
  for (const [words, right] of cases) assert.equal(missingRight(words, 'tried'), right, words);
});

test('[B10] every command of every script is tried, and is in the documented user', () => {
  const tried = new Set(commandsIn('rights.lua', /^.*\{ '([A-Z]+)'.*$/gm, /\{ '([A-Z]+)'/g));
  const documented = readFileSync(new URL('./ACL.md', import.meta.url), 'utf8')
    .split('\n')
    .find(line => line.startsWith('user gateway'));
  for (const file of readdirSync(LUA)) {
    for (const command of commandsIn(file, /^.*redis\.p?call.*$/gm, /redis\.p?call\('([A-Z]+)'/g)) {
      assert.ok(tried.has(command), `${file} uses ${command}`);
      assert.ok(documented?.includes(`+${command.toLowerCase()}`), `the user may ${command}`);
    }
  }
  assert.ok(tried.size > 15);
});

/** The commands that a script names. */
function commandsIn(file: string, lines: RegExp, command: RegExp): readonly string[] {
  const text = readFileSync(new URL(file, LUA), 'utf8');
  return [...text.matchAll(lines)].flatMap(([line]) =>
    [...line.matchAll(command)].flatMap(([, name]) => name ?? []),
  );
}
