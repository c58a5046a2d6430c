import type { Board } from '../../common/layout.ts';
import { connections } from './connections.ts';
import { drain } from './drain.ts';
import { eventLoop } from './event-loop.ts';
import { fanOut } from './fan-out.ts';
import { pressure } from './pressure.ts';
import { storm } from './storm.ts';

/** One gateway, or all: from the socket to the process. */
export function gatewayBoard(): Board {
  return {
    name: 'gateway',
    title: 'Kittiwake / Gateway',
    description: 'Connections, fan-out, pressure, event loop and drains of the selected gateways.',
    rows: [
      { title: 'Connections and handshakes', panels: connections },
      { title: 'Storm', panels: storm },
      { title: 'Channels and fan-out', panels: fanOut },
      { title: 'Outboxes and limits', panels: pressure },
      { title: 'Event loop and memory', panels: eventLoop },
      { title: 'Drain', panels: drain },
    ],
  };
}
