import { systemClock, systemRandom } from '@kittiwake/base';
import { msgpackCodec } from '@kittiwake/protocol/msgpack';
import { Crowd } from './crowd.ts';
import type { CrowdAnswer, CrowdCommand, CrowdQuestion, ProcessMeasure } from './crowd-command.ts';
import { GatewayPicker } from './gateway-picker.ts';
import { type FileJournal, openJournal } from './journal.ts';
import { Pulse } from './pulse.ts';
import { signToken } from './sign-token.ts';
import { tcpTransport } from './tcp-transport.ts';

/** A process of clients, started by the drill and told what to do over its channel; it ends with the drill. */
const picker = new GatewayPicker(systemRandom);
const transport = tcpTransport(picker, () => pulse?.dialled());
/** One client in so many speaks MessagePack. */
const MSGPACK_EVERY = 4;
/** Clients of one user: a gateway bounds the sessions of a user. */
const CLIENTS_PER_USER = 100;

let crowd: Crowd | undefined;
let journal: FileJournal | undefined;
let pulse: Pulse | undefined;

process.on('message', (question: CrowdQuestion) => {
  obey(question.command).then(
    value => answer({ answer: question.ask, ...(value !== undefined && { value }) }),
    (reason: unknown) => answer({ answer: question.ask, failed: String(reason) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function obey(command: CrowdCommand): Promise<number | ProcessMeasure | undefined> {
  switch (command.do) {
    case 'start':
      await start(command);
      return undefined;
    case 'gateways':
      picker.use(command.gateways);
      return undefined;
    case 'publish':
      await crowd?.publish(command.on);
      return undefined;
    case 'behind':
      return crowd?.behind(command.heads);
    case 'window':
      pulse?.window(command.name);
      return undefined;
    case 'mark':
      crowd?.mark(command.round);
      journal?.flush();
      return undefined;
    case 'measure': {
      const { user, system } = process.cpuUsage();
      return { rssBytes: process.memoryUsage.rss(), cpuMicros: user + system };
    }
  }
}

async function start(command: Extract<CrowdCommand, { do: 'start' }>): Promise<void> {
  const tokens = new Map<number, string>();
  const tokenOf = (group: number): string => {
    const token =
      tokens.get(group) ?? signToken(systemClock, `${command.plan.name}-${group}`, command.signingKey);
    tokens.set(group, token);
    return token;
  };
  picker.use(command.gateways);
  journal = openJournal(command.journal);
  if (command.pulse === true) pulse = new Pulse(journal, systemClock);
  pulse?.start();
  crowd = new Crowd(command.plan, {
    clock: systemClock,
    journal,
    pulse,
    optionsOf: name => {
      const number = Number(name.split('.').at(-1));
      return {
        url: command.url,
        token: tokenOf(Math.floor(number / CLIENTS_PER_USER)),
        transport,
        ...(number % MSGPACK_EVERY === 0 && { codec: msgpackCodec }),
      };
    },
  });
  await crowd.start();
}

function answer(message: CrowdAnswer): void {
  process.send?.(message);
}
