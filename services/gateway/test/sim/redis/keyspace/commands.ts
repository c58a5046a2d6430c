import { type Command, writing } from './command.ts';
import { HASH_COMMANDS } from './hash-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';
import { SORTED_SET_COMMANDS } from './sorted-set-commands.ts';
import { STREAM_COMMANDS } from './stream-commands.ts';

/** Drops everything: nobody may, so it is told as an accident. */
export const FLUSHALL: Command = writing('FLUSHALL', data => {
  data.clear();
  data.record(FLUSHALL, []);
  return undefined;
});

const BY_NAME: ReadonlyMap<string, Command> = new Map(
  [...KEY_COMMANDS, ...HASH_COMMANDS, ...SORTED_SET_COMMANDS, ...STREAM_COMMANDS].map(command => [
    command.name,
    command,
  ]),
);

/** The command of that name in capitals; `undefined` where none of our scripts had a use for it yet. */
export function findCommand(name: string): Command | undefined {
  return BY_NAME.get(name);
}
