import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentLock, recordedLock } from './wire-lock.ts';

const WHAT_TO_DO = `The wire changed, or the code that defines it. Decide which:
- An older peer would misread it (a field renamed, required, retyped or removed; an encoding changed): raise PROTOCOL_VERSION in
  src/version.ts and the subprotocol names with it, leave the golden frames of the old version as they are, and say in SPEC.md what is new.
- An older peer understands it (a new optional field, a new message that is only sent when asked for, a new limit or code), or nothing
  on the wire changed at all: keep the version.
Then record it with \`npm run protocol:lock\` and read the difference before you commit it.`;

test('[M10] the wire is the one that was recorded for this version', () => {
  assert.deepEqual(currentLock(), recordedLock(), WHAT_TO_DO);
});
