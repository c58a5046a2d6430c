import type { Board } from '../../common/layout.ts';
import { goldenSignals, nowStats } from './golden-signals.ts';
import { sloPanels } from './slo.ts';

/** The board to open first: is everything well, and if not, which board is next. */
export function overviewBoard(): Board {
  return {
    name: 'overview',
    title: 'Kittiwake / Overview',
    description: 'Golden signals and service-level objectives of the whole cluster.',
    rows: [
      { title: 'Now', panels: nowStats },
      { title: 'Service-level objectives', panels: sloPanels() },
      { title: 'Golden signals', panels: goldenSignals },
    ],
  };
}
