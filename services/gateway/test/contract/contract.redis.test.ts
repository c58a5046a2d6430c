import { test } from 'node:test';
import { hasRedis, skipWithoutRedis } from '@kittiwake/testkit';
import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import { redisClientContract } from './redis-client.contract.ts';
import { openRedisClients } from './redis-client-harness.ts';
import { openRedis, openSentinel } from './redis-harness.ts';

if (hasRedis()) {
  redisClientContract('ioredis', openRedisClients);
  brokerContract('one Redis', openRedis);
  presenceStoreContract('one Redis', openRedis);
  gatewayBusContract('one Redis', openRedis);
  brokerContract('Redis Sentinel', openSentinel);
} else {
  test('[B7] broker contract on Redis', { skip: skipWithoutRedis() }, () => {});
}
