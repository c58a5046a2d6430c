import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InformerEvent, InformerState } from './informer-state.ts';
import { informerTransition, SILENCE_MAX_MS } from './informer-transition.ts';

const WATCHING = { phase: 'watching', version: '5', lastSeenMs: 1_000, failures: 0 } as const;

function after(state: InformerState, ...events: readonly (readonly [InformerEvent, number])[]) {
  let step = { state, effects: [] as readonly unknown[] };
  for (const [event, nowMs] of events) step = informerTransition(step.state, event, nowMs);
  return step;
}

test('[R10] a list is followed by a watch from its version', () => {
  const step = after({ phase: 'listing', failures: 0 }, [{ kind: 'listed', version: '5' }, 0]);
  assert.deepEqual(step.effects, [{ kind: 'watch', version: '5' }]);
});

test('[R10] a watch that ends in good order goes on from the last version seen', () => {
  const step = after(
    WATCHING,
    [{ kind: 'seen', version: '9' }, 2_000],
    [{ kind: 'ended' }, 2_000],
    [{ kind: 'retry' }, 2_200],
  );
  assert.deepEqual(step.effects, [{ kind: 'watch', version: '9' }]);
});

test('[R10] a version that is too old means a new list', () => {
  assert.deepEqual(after(WATCHING, [{ kind: 'expired' }, 2_000]).effects, [
    { kind: 'close-watch' },
    { kind: 'list', reason: 'expired' },
  ]);
});

test('[R10] a watch that has gone quiet is not believed', () => {
  assert.deepEqual(after(WATCHING, [{ kind: 'check' }, 1_000 + SILENCE_MAX_MS]).effects, []);
  assert.deepEqual(after(WATCHING, [{ kind: 'check' }, 1_001 + SILENCE_MAX_MS]).effects, [
    { kind: 'close-watch' },
    { kind: 'list', reason: 'watchdog' },
  ]);
});

test('[R10] opening watches again and again without an event does not count as seeing one', () => {
  let state: InformerState = { ...WATCHING };
  let effects: readonly unknown[] = [];
  for (
    let nowMs = 1_000;
    !effects.some(effect => JSON.stringify(effect).includes('watchdog'));
    nowMs += 25_000
  ) {
    assert.ok(nowMs < 200_000, 'no relist');
    ({ state } = after(state, [{ kind: 'ended' }, nowMs]));
    ({ state, effects } = after(state, [{ kind: 'retry' }, nowMs + 200]));
  }
});

test('[R10] three watches that fail in a row mean a new list', () => {
  let step = after(WATCHING, [{ kind: 'failed' }, 2_000], [{ kind: 'retry' }, 2_500]);
  assert.deepEqual(step.effects, [{ kind: 'watch', version: '5' }]);
  step = after(
    step.state,
    [{ kind: 'failed' }, 3_000],
    [{ kind: 'retry' }, 3_500],
    [{ kind: 'failed' }, 4_000],
    [{ kind: 'retry' }, 5_000],
  );
  assert.deepEqual(step.effects, [{ kind: 'list', reason: 'error' }]);
});

test('[R10] a list that fails is tried again after its backoff', () => {
  const step = after({ phase: 'listing', failures: 2 }, [{ kind: 'failed' }, 0]);
  assert.deepEqual(step.effects, [{ kind: 'wait', failures: 3 }]);
});
