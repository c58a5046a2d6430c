import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import { redisClientContract } from './redis-client.contract.ts';
import { openSimClients } from './redis-client-harness.ts';
import { openSim } from './sim-harness.ts';

redisClientContract('model of ioredis', openSimClients);
brokerContract('simulated Redis Sentinel', openSim);
presenceStoreContract('simulated Redis Sentinel', openSim);
gatewayBusContract('simulated Redis Sentinel', openSim);
