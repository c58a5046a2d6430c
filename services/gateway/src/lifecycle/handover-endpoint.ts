import { err, ok, type Result } from '@kittiwake/base';
import { type Json, parseJson } from '@kittiwake/protocol';
import type { Drain } from './drain.ts';
import type { Shed } from './shed.ts';

/** What `POST /handover` asks for; rates are sessions in a second. */
export type HandoverCommand =
  | { readonly do: 'shed'; readonly sessions: number; readonly perSecond: number }
  | { readonly do: 'drain'; readonly perSecond: number };

/** Why a command is not carried out, and the status that says so. */
export type HandoverRefusal = {
  readonly status: 400 | 401 | 404 | 409;
  readonly error: { readonly kind: string; readonly path?: string };
};

/** What was begun, and by when it is over. */
export type HandoverStarted = {
  readonly do: HandoverCommand['do'];
  readonly sessions: number;
  readonly doneInMs: number;
};

/** What the endpoint acts on. */
export type HandoverParts = {
  readonly drain: Pick<Drain, 'phase' | 'release'>;
  readonly shed: Pick<Shed, 'start' | 'stop'>;
  readonly sessions: () => number;
  /** What a drain takes at most. */
  readonly windowMs: number;
  /** Whether a bearer key is the operations key; absent where there is none, and nobody may ask. */
  readonly keyFits: ((offered: string) => boolean) | undefined;
};

/** Bytes of a command. */
export const COMMAND_BYTES_MAX = 1_024;
const BEARER = 'Bearer ';
const SESSIONS_MAX = 1_000_000;
const PER_SECOND = { min: 0.1, max: 10_000 } as const;

/** Carries out a command of the controller, or says why not (rule D10). */
export function handOver(
  parts: HandoverParts,
  { authorization, body }: { readonly authorization: string; readonly body: string },
): Result<HandoverStarted, HandoverRefusal> {
  const { keyFits, drain, shed } = parts;
  if (keyFits === undefined) return refuse(404, 'not_found');
  if (!authorization.startsWith(BEARER) || !keyFits(authorization.slice(BEARER.length)))
    return refuse(401, 'unauthenticated');
  const command = readCommand(body);
  if (!command.ok) return command;
  if (command.value.do === 'drain') {
    shed.stop();
    void drain.release(command.value.perSecond);
    return ok({ do: 'drain', sessions: parts.sessions(), doneInMs: parts.windowMs });
  }
  const started =
    drain.phase === 'serving' ? shed.start(command.value.sessions, command.value.perSecond) : err('busy');
  return started.ok ? ok({ do: 'shed', ...started.value }) : refuse(409, 'busy');
}

/** Reads a command; a refusal names the field that is wrong. */
function readCommand(body: string): Result<HandoverCommand, HandoverRefusal> {
  const parsed = parseJson(body, COMMAND_BYTES_MAX);
  const fields = parsed.ok ? parsed.value : undefined;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return malformed('');
  const { do: what, sessions, perSecond } = fields as { readonly [name: string]: Json };
  if (typeof perSecond !== 'number' || perSecond < PER_SECOND.min || perSecond > PER_SECOND.max)
    return malformed('perSecond');
  if (what === 'drain') return ok({ do: 'drain', perSecond });
  if (what !== 'shed') return malformed('do');
  if (!Number.isInteger(sessions) || Number(sessions) < 1 || Number(sessions) > SESSIONS_MAX)
    return malformed('sessions');
  return ok({ do: 'shed', sessions: Number(sessions), perSecond });
}

function malformed(path: string): Result<never, HandoverRefusal> {
  return err({ status: 400, error: { kind: 'malformed', path } });
}

function refuse(status: HandoverRefusal['status'], kind: string): Result<never, HandoverRefusal> {
  return err({ status, error: { kind } });
}
