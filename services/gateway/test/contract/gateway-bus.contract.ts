import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import type { ControlMessage, GatewayInfo, ListedGateway } from '../../src/broker/gateway-bus.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { QUICK_TIMING, type TierHarness } from './tier-harness.ts';

/** What every bus must do (SPEC B7). */
export function gatewayBusContract(name: string, open: () => Promise<TierHarness>): void {
  suite(`gateway bus contract: ${name}`, () => {
    let harness: TierHarness;
    const gateways: { readonly tier: BrokerTier; readonly heard: ControlMessage[] }[] = [];
    before(async () => {
      harness = await open();
      for (let n = 0; n < 2; n += 1) {
        const heard: ControlMessage[] = [];
        const tier = harness.gateway();
        await tier.bus.start(message => heard.push(message));
        gateways.push({ tier, heard });
      }
    });
    after(async () => {
      for (const { tier } of gateways) await tier.bus.stop();
      await harness?.stop();
    });
    const tier = (index: number): BrokerTier => {
      const gateway = gateways[index];
      assert.ok(gateway !== undefined);
      return gateway.tier;
    };

    test('[B7] a message reaches every gateway, the sender included, as it was sent', async () => {
      const messages: readonly ControlMessage[] = [
        { type: 'disconnect-user', user: 'alice smith' as UserId },
        { type: 'disconnect-session', session: 's1' as SessionId },
        { type: 'session-continued', session: 's2' as SessionId, gateway: 'gateway-1' },
        { type: 'session-continued', session: 's2' as SessionId, gateway: 'gateway-1', attempt: 3 },
      ];
      for (const message of messages) assert.ok((await tier(0).bus.broadcast(message)).ok);
      for (const { heard } of gateways) {
        await until(() => heard.length >= messages.length);
        assert.deepEqual(heard, messages);
      }
    });

    test('[B7] a gateway that announces itself is listed with what it said last', async () => {
      await tier(0).bus.announce(info('gateway-0', 1));
      await tier(1).bus.announce(info('gateway-1', 2));
      await tier(0).bus.announce(info('gateway-0', 3));
      assert.deepEqual(await listed(tier(1)), [info('gateway-0', 3), info('gateway-1', 2)]);
    });

    test('[B7] a gateway that stopped announcing itself is forgotten', async () => {
      await tier(0).bus.announce(info('gateway-dead', 1));
      await harness.pass(QUICK_TIMING.gatewayTtlMs + 100);
      await tier(0).bus.announce(info('gateway-alive', 1));
      assert.deepEqual(await listed(tier(0)), [info('gateway-alive', 1)]);
    });

    test('[B13] it is listed when something last came back to a gateway, counted to this moment', async () => {
      await until(() => tier(0).bus.heardAgoMs() < 2_500);
      const before = tier(0).bus.heardAgoMs();
      await tier(0).bus.announce(info('gateway-0', 1));
      await harness.pass(300);
      const heard = (await listedInFull(tier(1))).find(({ gateway }) => gateway === 'gateway-0')?.heardAgoMs;
      assert.ok(heard !== undefined && (before === 0 || heard >= before + 200), `${heard}, was ${before}`);
      assert.ok(heard <= before + 3_000, `${heard}, was ${before}`);
    });
  });
}

function info(gateway: string, connections: number): GatewayInfo {
  return {
    gateway,
    version: '0.1.0',
    connections,
    sessions: 1,
    channels: 1,
    draining: false,
    startedAtMs: 1_767_225_600_000,
  };
}

async function listed(tier: BrokerTier): Promise<readonly GatewayInfo[]> {
  return (await listedInFull(tier)).map(({ heardAgoMs: _, ...said }) => said);
}

async function listedInFull(tier: BrokerTier): Promise<readonly ListedGateway[]> {
  const gateways = await tier.bus.gateways();
  assert.ok(gateways.ok);
  return [...gateways.value].sort((a, b) => a.gateway.localeCompare(b.gateway));
}
