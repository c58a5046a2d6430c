import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from './deferred.ts';
import { SingleFlight } from './single-flight.ts';

test('[Z6] whoever asks while it runs gets the same run', async () => {
  const flights = new SingleFlight<string, number>();
  const landing = deferred<number>();
  let runs = 0;
  const work = (): Promise<number> => {
    runs += 1;
    return landing.promise;
  };
  const both = [flights.run('a', work), flights.run('a', work)];
  landing.resolve(7);
  assert.deepEqual(await Promise.all(both), [7, 7]);
  assert.equal(runs, 1);
});

test('[Z6] keys run side by side, and nothing is remembered once settled', async () => {
  const flights = new SingleFlight<string, number>();
  const both = [flights.run('a', async () => 1), flights.run('b', async () => 2)];
  assert.equal(flights.size, 2);
  assert.deepEqual(await Promise.all(both), [1, 2]);
  assert.equal(flights.size, 0);
  assert.equal(await flights.run('a', async () => 3), 3);
});

test('[Z6] a failure reaches everybody who waited, and the next one tries anew', async () => {
  const flights = new SingleFlight<string, number>();
  const fail = async (): Promise<number> => {
    throw new Error('down');
  };
  const outcomes = await Promise.allSettled([flights.run('a', fail), flights.run('a', fail)]);
  assert.deepEqual(
    outcomes.map(outcome => outcome.status),
    ['rejected', 'rejected'],
  );
  assert.equal(await flights.run('a', async () => 1), 1);
});
