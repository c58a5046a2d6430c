import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import { openSim } from './sim-harness.ts';

brokerContract('simulated Redis Sentinel', openSim);
presenceStoreContract('simulated Redis Sentinel', openSim);
gatewayBusContract('simulated Redis Sentinel', openSim);
