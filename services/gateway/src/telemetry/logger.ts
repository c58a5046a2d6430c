/** Values that a log line may carry. Never payloads, tokens or keys. */
export type LogFields = { readonly [name: string]: string | number | boolean | undefined };

/** A structured logger: `event` is a stable name like `session.closed`, not a sentence. pino matches it through an adapter. */
export type Logger = {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger whose every line carries `fields`. */
  child(fields: LogFields): Logger;
};

/** Says nothing; for tests and tools. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};
