import type { LogFields, Logger } from '../../src/telemetry/logger.ts';

/** One line of a log. */
export type LogLine = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
};

/** A logger that keeps its lines, those of its children too. */
export type RecordingLogger = Logger & { readonly lines: readonly LogLine[] };

export function createRecordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level'], common: LogFields) =>
    (event: string, fields: LogFields = {}): void =>
      void lines.push({ level, event, fields: { ...common, ...fields } });
  const loggerWith = (common: LogFields): Logger => ({
    debug: at('debug', common),
    info: at('info', common),
    warn: at('warn', common),
    error: at('error', common),
    child: fields => loggerWith({ ...common, ...fields }),
  });
  return { ...loggerWith({}), lines };
}
