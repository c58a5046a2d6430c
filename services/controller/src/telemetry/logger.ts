import { pino } from 'pino';

/** Values that a log line may carry; never keys, tokens or contents of Secrets. */
export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

/** A structured logger: `event` is a stable name like `election.won`, not a sentence. */
export type Logger = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

/** Says nothing; for tests. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Writes one JSON object per line to standard output; every line carries `fields`. */
export function createLogger(level: string, fields: LogFields): Logger {
  const lines = pino({ level, base: fields, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime });
  return {
    debug: (event, more) => lines.debug({ ...more }, event),
    info: (event, more) => lines.info({ ...more }, event),
    warn: (event, more) => lines.warn({ ...more }, event),
    error: (event, more) => lines.error({ ...more }, event),
  };
}
