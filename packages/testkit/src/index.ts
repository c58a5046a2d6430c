export { createFakeClock, FAKE_EPOCH_MS, type FakeClock } from './fake-clock.ts';
export { seededRandom } from './seeded-random.ts';
