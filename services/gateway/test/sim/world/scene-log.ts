import type { LogFields, Logger } from '../../../src/telemetry/logger.ts';
import type { Scene } from './scene.ts';

/** The log of a process: an error is a violation (nothing that may happen is logged as one), the rest is timeline. */
export function sceneLog(scene: Scene, who: string): Logger {
  const note = (event: string, fields?: LogFields): void =>
    scene.note(() => `${who} ${event} ${fields === undefined ? '' : JSON.stringify(fields)}`);
  const quiet = (): void => {};
  const logger: Logger = {
    debug: quiet,
    info: scene.traced ? note : quiet,
    warn: scene.traced ? note : quiet,
    error: (event, fields) => scene.violate('I7', `${who} ${event} ${JSON.stringify(fields ?? {})}`),
    child: () => logger,
  };
  return logger;
}
