import { err, ok, type Result } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, Publication } from '@kittiwake/protocol';
import type { BackendFailure, BackendPort, BackendPublish } from '../../src/api/backend-port.ts';

/** A whole cluster in memory, for tests of the API: channels that begin with `chat:` exist, `chat:busy` is at its rate. */
export class FakeBackend implements BackendPort {
  readonly publishes: BackendPublish[] = [];
  readonly disconnects: object[] = [];
  readonly members = new Map<ChannelName, PresenceEntry[]>();
  /** What every call answers instead, where set. */
  failure: BackendFailure | undefined;
  readonly #log = new Map<ChannelName, Publication[]>();
  readonly #keys = new Map<string, number>();

  async publish(command: BackendPublish): ReturnType<BackendPort['publish']> {
    const refused = this.#refuse(command.channel);
    if (refused !== undefined) return err(refused);
    this.publishes.push(command);
    const { channel, event, version, data, ack = 'primary', key } = command;
    const known = key === undefined ? undefined : this.#keys.get(`${channel} ${key}`);
    if (known !== undefined)
      return ok({ level: ack, position: { offset: known, epoch: 'e1' }, duplicate: true });
    const log = this.#log.get(channel) ?? [];
    const position = { offset: log.length + 1, epoch: 'e1' };
    log.push({ type: 'publication', channel, event, version, data, position, atMs: 1_800_000_000_000 });
    this.#log.set(channel, log);
    if (key !== undefined) this.#keys.set(`${channel} ${key}`, position.offset);
    return ok({ level: ack, position, duplicate: false });
  }

  async presence(channel: ChannelName): ReturnType<BackendPort['presence']> {
    const refused = this.#refuse(channel);
    return refused === undefined ? ok(this.members.get(channel) ?? []) : err(refused);
  }

  async history(channel: ChannelName, limit: number): ReturnType<BackendPort['history']> {
    const refused = this.#refuse(channel);
    if (refused !== undefined) return err(refused);
    const log = this.#log.get(channel) ?? [];
    return ok({ position: { offset: log.length, epoch: 'e1' }, publications: log.slice(-limit) });
  }

  async disconnect(target: object): Promise<Result<void, BackendFailure>> {
    if (this.failure !== undefined) return err(this.failure);
    this.disconnects.push(target);
    return ok();
  }

  async gateways(): ReturnType<BackendPort['gateways']> {
    if (this.failure !== undefined) return err(this.failure);
    const counts = { connections: 3, sessions: 2, channels: 1 };
    return ok([
      { gateway: 'gateway-1', version: '0.1.0', ...counts, draining: false, startedAtMs: 1_800_000_000_000 },
    ]);
  }

  #refuse(channel: ChannelName): BackendFailure | undefined {
    if (this.failure !== undefined) return this.failure;
    if (channel === 'chat:busy')
      return { kind: 'rate_limited', message: 'the channel is at its rate', retryAfterMs: 1_500 };
    return channel.startsWith('chat:')
      ? undefined
      : { kind: 'unknown_channel', message: 'no pattern matches' };
  }
}
