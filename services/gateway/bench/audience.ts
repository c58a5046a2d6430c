/** The members of `slow-consumers.ts`, in a process of their own: most of them read and measure, some may stop reading. */
import { WebSocket } from 'ws';

/** What the bench asks of its audience. */
export type AudienceCommand =
  | { readonly do: 'join'; readonly port: number; readonly token: string; readonly members: number }
  /** So many of them read nothing from now on; those that are closed for it come back, and read nothing again. */
  | { readonly do: 'stop-reading'; readonly members: number }
  | { readonly do: 'read-on' }
  /** Forgets what was measured before. */
  | { readonly do: 'measure' }
  | { readonly do: 'tell' };

/** What it answers: latencies of the members that read, in milliseconds, where it is asked to tell. */
export type AudienceAnswer = {
  readonly done: AudienceCommand['do'];
  readonly latenciesMs: readonly number[];
};

type Member = { ws: WebSocket; reads: boolean };

const CHANNEL = 'bench:all';
let members: Member[] = [];
let latenciesMs: number[] = [];
let where = { port: 0, token: '' };

/** Nanoseconds of a clock that all processes of a machine share. */
const SENT = /"sentNs":"(\d+)"/;

function open(member: Member): Promise<void> {
  return new Promise(resolve => {
    member.ws = new WebSocket(`ws://127.0.0.1:${where.port}/v1/ws`, ['kittiwake.v1']);
    member.ws.on('open', () => {
      member.ws.send(JSON.stringify({ type: 'connect', ref: 1, protocol: 1, token: where.token }));
      member.ws.send(JSON.stringify({ type: 'join', ref: 2, channel: CHANNEL }));
    });
    member.ws.on('message', (data: Buffer) => receive(member, data, resolve));
    member.ws.on('error', () => {});
    member.ws.on('close', () => {
      if (!member.reads) void open(member);
    });
  });
}

function receive(member: Member, data: Buffer, joined: () => void): void {
  const head = data.subarray(0, 256).toString('latin1');
  if (head.includes('"type":"ping"')) member.ws.send(head.replace('ping', 'pong'));
  if (head.includes('"type":"joined"')) {
    joined();
    if (!member.reads) member.ws.pause();
  }
  const sent = SENT.exec(head)?.[1];
  if (member.reads && sent !== undefined)
    latenciesMs.push(Number(process.hrtime.bigint() - BigInt(sent)) / 1e6);
}

process.on('message', async (command: AudienceCommand) => {
  switch (command.do) {
    case 'join':
      where = command;
      members = Array.from({ length: command.members }, () => ({ ws: undefined as never, reads: true }));
      await Promise.all(members.map(open));
      break;
    case 'stop-reading':
      for (const member of members.slice(0, command.members)) {
        member.reads = false;
        member.ws.pause();
      }
      break;
    case 'read-on':
      for (const member of members) {
        member.reads = true;
        member.ws.resume();
        if (member.ws.readyState > WebSocket.OPEN) await open(member);
      }
      break;
    case 'measure':
      latenciesMs = [];
      break;
    case 'tell':
      break;
  }
  const answer: AudienceAnswer = { done: command.do, latenciesMs: command.do === 'tell' ? latenciesMs : [] };
  process.send?.(answer);
});
