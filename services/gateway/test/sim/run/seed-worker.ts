import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { assertExists } from '@kittiwake/base';
import { plant } from '../planted/plant.ts';
import { findBug } from '../planted/planted-bugs.ts';
import { addTallies, NOTHING, type RangeOfSeeds } from './tally.ts';

/** A thread of the pool: simulates the ranges of seeds that it is sent, over code that may have a bug planted in it. */
// Nobody reads where an error comes from before its seed is lived through again.
Error.stackTraceLimit = 0;
// Objects that were expected to live long would keep their worlds, which are over soon, until everything is collected.
setFlagsFromString('--no-allocation-site-pretenuring');
const port = assertExists(parentPort, 'this runs in a worker');
const { bug: name } = workerData as { readonly bug: string | undefined };
const planting =
  name === undefined ? undefined : plant(assertExists(findBug(name), `there is a bug called ${name}`));
// Loaded after the planting, which changes what is loaded.
const { simulate } = await import('../simulation.ts');
planting?.check();

port.on('message', ({ from, count }: RangeOfSeeds) => {
  let tally = NOTHING;
  for (let seed = from; seed < from + count; seed += 1) {
    const { events, simulatedMs, counts, violation } = simulate(seed);
    const findings = violation === undefined ? [] : [{ seed, ...violation }];
    tally = addTallies(tally, { seeds: 1, events, simulatedMs, counts, findings });
    // Where a bug is planted the first one will do.
    if (planting !== undefined && findings.length > 0) break;
  }
  port.postMessage(tally);
});
port.postMessage(NOTHING);
