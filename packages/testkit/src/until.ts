import type { EventEmitter } from 'node:events';
import { once } from 'node:events';
import { scheduler } from 'node:timers/promises';
import { systemClock } from '@kittiwake/base';

/** How long to wait, and what for: the words of the failure. */
export type UntilOptions = { readonly timeoutMs?: number; readonly what?: string };

const TIMEOUT_MS = 5_000;
const POLL_MS = 5;

/**
 * Waits until `probe` gives something other than `undefined` or `false`, and returns that. For tests with real sockets
 * and processes; with a fake clock nothing needs to be waited for. Throws after `timeoutMs` (5 s).
 */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: UntilOptions = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (systemClock.monotonicMs() >= deadlineMs)
      throw new Error(`not within ${timeoutMs} ms: ${options.what ?? probe.toString()}`);
    await scheduler.wait(POLL_MS);
  }
}

/** Waits for one event of an emitter and returns its arguments. Throws after `timeoutMs` (5 s). */
export async function untilEvent(
  emitter: EventEmitter,
  event: string,
  options: UntilOptions = {},
): Promise<readonly unknown[]> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  try {
    return await once(emitter, event, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (reason) {
    if (reason instanceof Error && reason.name === 'AbortError')
      throw new Error(`not within ${timeoutMs} ms: ${options.what ?? `event ${event}`}`);
    throw reason;
  }
}

/** Lets `ms` of real time pass: only for what must be seen *not* to happen, or for a fault that lasts. */
export function elapse(ms: number): Promise<void> {
  return scheduler.wait(ms);
}
