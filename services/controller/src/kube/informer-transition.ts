import { assertNever } from '@kittiwake/base';
import type {
  InformerEffect,
  InformerEvent,
  InformerState,
  InformerStep,
  RelistReason,
} from './informer-state.ts';

/** Failed watches in a row after which the list is fetched anew rather than trusted. */
const WATCH_FAILURES_MAX = 3;
/**
 * [R10] A watch without an event or bookmark for this long is not believed. The API server sends a bookmark two seconds before the
 * end of each watch, and ours ask for 25 s, so silence means that events are lost somewhere (watches in Node are known to go quiet).
 */
export const SILENCE_MAX_MS = 70_000;

/** One step of list, watch, and watch again; pure and total, `nowMs` is monotonic. */
export function informerTransition(state: InformerState, event: InformerEvent, nowMs: number): InformerStep {
  if (event.kind === 'stop') return { state: { phase: 'stopped' }, effects: [{ kind: 'close-watch' }] };
  switch (state.phase) {
    case 'listing':
      return listing(state, event, nowMs);
    case 'watching':
      return watching(state, event, nowMs);
    case 'waiting':
      return waiting(state, event, nowMs);
    case 'stopped':
      return { state, effects: [] };
    default:
      return assertNever(state);
  }
}

function listing(
  state: InformerState & { phase: 'listing' },
  event: InformerEvent,
  nowMs: number,
): InformerStep {
  if (event.kind === 'listed') {
    const version = event.version;
    return {
      state: { phase: 'watching', version, lastSeenMs: nowMs, failures: 0 },
      effects: [{ kind: 'watch', version }],
    };
  }
  if (event.kind !== 'failed' && event.kind !== 'expired') return { state, effects: [] };
  const failures = state.failures + 1;
  return {
    state: { phase: 'waiting', failures, version: undefined, lastSeenMs: nowMs, reason: 'error' },
    effects: [{ kind: 'wait', failures }],
  };
}

function watching(
  state: InformerState & { phase: 'watching' },
  event: InformerEvent,
  nowMs: number,
): InformerStep {
  switch (event.kind) {
    case 'seen':
      return {
        state: { phase: 'watching', version: event.version ?? state.version, lastSeenMs: nowMs, failures: 0 },
        effects: [],
      };
    case 'expired':
      return relist('expired', [{ kind: 'close-watch' }]);
    case 'ended':
      // In good order: go on from the same version, after a breath so that a server that ends each watch at once is not hammered.
      return wait(state, 0);
    case 'failed':
      return wait(state, state.failures + 1);
    case 'check':
      return nowMs - state.lastSeenMs > SILENCE_MAX_MS
        ? relist('watchdog', [{ kind: 'close-watch' }])
        : { state, effects: [] };
    case 'listed':
    case 'retry':
    case 'stop':
      return { state, effects: [] };
    default:
      return assertNever(event);
  }
}

function waiting(
  state: InformerState & { phase: 'waiting' },
  event: InformerEvent,
  nowMs: number,
): InformerStep {
  if (event.kind !== 'retry') return { state, effects: [] };
  if (state.version === undefined || state.failures >= WATCH_FAILURES_MAX) {
    return {
      state: { phase: 'listing', failures: state.failures },
      effects: [{ kind: 'list', reason: state.reason }],
    };
  }
  if (nowMs - state.lastSeenMs > SILENCE_MAX_MS) return relist('watchdog', []);
  const { version, lastSeenMs, failures } = state;
  return {
    state: { phase: 'watching', version, lastSeenMs, failures },
    effects: [{ kind: 'watch', version }],
  };
}

function wait(state: InformerState & { phase: 'watching' }, failures: number): InformerStep {
  const { version, lastSeenMs } = state;
  return {
    state: { phase: 'waiting', failures, version, lastSeenMs, reason: 'error' },
    effects: [{ kind: 'close-watch' }, { kind: 'wait', failures }],
  };
}

function relist(reason: RelistReason, before: readonly InformerEffect[]): InformerStep {
  return { state: { phase: 'listing', failures: 0 }, effects: [...before, { kind: 'list', reason }] };
}
