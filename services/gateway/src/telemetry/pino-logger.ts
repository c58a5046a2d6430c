import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { LogFields, Logger } from './logger.ts';

/** How much is said. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names that nobody should log under; if somebody does, the value stays here (rule O20). */
const SECRET_NAME =
  /token|secret|password|passwd|authorization|cookie|signature|credential|api_?-?key|payload/i;
/** A compact JWS, wherever it stands in a text. */
const JWT = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;
/** Credentials in a URL. */
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi;
const TEXT_MAX = 512;
const REDACTED = '[redacted]';

/**
 * Writes one JSON object per line: `time` (ISO 8601), `level`, `event`, and the fields. Standard output unless a
 * destination is given. Values are primitives by type; long ones are cut, and what looks like a secret is not written.
 */
export function createPinoLogger(options: {
  readonly level: LogLevel;
  readonly fields?: LogFields;
  readonly destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: safe(options.fields ?? {}),
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return adapt(options.destination === undefined ? pino(settings) : pino(settings, options.destination));
}

function adapt(lines: PinoLogger): Logger {
  return {
    debug: (event, fields) => write(lines, 'debug', { event, fields }),
    info: (event, fields) => write(lines, 'info', { event, fields }),
    warn: (event, fields) => write(lines, 'warn', { event, fields }),
    error: (event, fields) => write(lines, 'error', { event, fields }),
    child: fields => adapt(lines.child(safe(fields))),
  };
}

type Level = Exclude<LogLevel, 'silent'>;
type Line = { readonly event: string; readonly fields: LogFields | undefined };

function write(lines: PinoLogger, level: Level, { event, fields }: Line): void {
  if (!lines.isLevelEnabled(level)) return;
  lines[level](fields === undefined ? {} : safe(fields), event);
}

function safe(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, safeValue(name, value)]));
}

function safeValue(name: string, value: LogFields[string]): LogFields[string] {
  if (value === undefined || typeof value === 'boolean' || typeof value === 'number') return value;
  if (SECRET_NAME.test(name)) return REDACTED;
  const text = value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  return text.replace(JWT, REDACTED).replace(URL_CREDENTIALS, `$1${REDACTED}@`);
}
