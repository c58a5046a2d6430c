import type { LogFields, Logger } from '../../../src/telemetry/logger.ts';
import type { Scene } from './scene.ts';

/** Errors that a fault explains: the gateway's user has lost its rights (SPEC B10). */
const EXPECTED: ReadonlySet<string> = new Set(['redis.not_permitted']);

/** The log of a process: an error is a violation (nothing that may happen is logged as one), the rest is timeline. */
export function sceneLog(scene: Scene, who: string): Logger {
  const note = (event: string, fields?: LogFields): void =>
    scene.note(() => `${who} ${event} ${fields === undefined ? '' : JSON.stringify(fields)}`);
  const quiet = (): void => {};
  const logger: Logger = {
    debug: quiet,
    info: scene.traced ? note : quiet,
    warn: scene.traced ? note : quiet,
    error: (event, fields) => {
      if (EXPECTED.has(event)) logger.warn(event, fields);
      else scene.violate('I7', `${who} ${event} ${JSON.stringify(fields ?? {})}`);
    },
    child: () => logger,
  };
  return logger;
}
