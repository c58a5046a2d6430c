import type { Board } from '../../common/layout.ts';
import { leaving } from './leaving.ts';
import { rebalancing } from './rebalancing.ts';

/** Sessions on the move: deploys, scaling, and what the controller does so that nobody notices. */
export function handoverBoard(): Board {
  return {
    name: 'handover',
    title: 'Kittiwake / Hand-over',
    description:
      'Rollouts, drains, scale-in and rebalancing: which gateways hand sessions over, why and how fast.',
    rows: [
      { title: 'Rebalancing', panels: rebalancing },
      { title: 'Gateways that leave', panels: leaving },
    ],
  };
}
