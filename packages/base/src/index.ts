export { AssertionError, assert, assertExists, assertNever } from './assert.ts';
export { background, type FailureSink } from './background.ts';
export { type BackoffBounds, fullJitter, RECONNECT_BACKOFF } from './backoff.ts';
export type { Brand, Bytes, Millis } from './brand.ts';
export { type Clock, delay, every, systemClock, type Timer } from './clock.ts';
export { type Deferred, deferred } from './deferred.ts';
export { type Random, randomInt, systemRandom } from './random.ts';
export { type Err, err, type Ok, ok, type Result } from './result.ts';
export { SingleFlight } from './single-flight.ts';
