import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELP, parseRehearsal, REHEARSALS, type RehearseOptions } from './rehearse-options.ts';

function optionsOf(...args: readonly string[]): RehearseOptions {
  const request = parseRehearsal(args);
  assert.ok(request.ok && request.value.do === 'run');
  return request.value.options;
}

test('[V5] a name alone is the size that the issue asks for, with a report', () => {
  const { clients, rate, times, report } = optionsOf('deploy');
  assert.deepEqual([clients, rate, times, report], [3_000, 200, 10, 'docs/rehearsals']);
  assert.equal(optionsOf('storm').clients, 6_000);
});

test('[V5] the short form is smaller and writes no report', () => {
  for (const name of REHEARSALS) {
    const { clients, times, report } = optionsOf(name, '--short');
    assert.ok(clients < optionsOf(name).clients && times === 1 && report === undefined, name);
  }
  assert.equal(optionsOf('deploy', '--short', '--clients', '50').clients, 50);
});

test('[V5] k6 adds its load unless it is not wanted', () => {
  assert.deepEqual([optionsOf('storm').k6, optionsOf('storm', '--no-k6').k6], [true, false]);
});

test('[V6] the cores are shared out anew unless that is not wanted', () => {
  assert.deepEqual([optionsOf('storm').slice, optionsOf('storm', '--no-slice').slice], [true, false]);
});

test('[V5] what is wrong with a command line is said in one line', () => {
  const wrong = (...args: readonly string[]): string => {
    const request = parseRehearsal(args);
    return request.ok ? 'nothing' : request.error;
  };
  assert.match(wrong(), /name one of deploy, /);
  assert.match(wrong('hurricane'), /name one of/);
  assert.match(wrong('deploy', 'storm'), /name one of/);
  assert.match(wrong('deploy', '--clients', '0', '--rate', 'x'), /--clients .*; --rate /);
  assert.match(wrong('deploy', '--loud'), /--loud/);
});

test('[V5] help names every rehearsal', () => {
  const request = parseRehearsal(['--help']);
  assert.ok(request.ok && request.value.do === 'help');
  for (const name of REHEARSALS) assert.match(HELP, new RegExp(`\\b${name}\\b`));
});
