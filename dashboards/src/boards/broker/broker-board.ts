import type { Board } from '../../common/layout.ts';
import { continuity } from './continuity.ts';
import { health } from './health.ts';
import { operations } from './operations.ts';

/** The tier behind the gateways, as the gateways see it. */
export function brokerBoard(): Board {
  return {
    name: 'broker',
    title: 'Kittiwake / Broker',
    description:
      'Whether the broker is up, how fast it is, and whether the streams that it carries are whole.',
    rows: [
      { title: 'Health', panels: health },
      { title: 'Operations', panels: operations },
      { title: 'Continuity', panels: continuity },
    ],
  };
}
