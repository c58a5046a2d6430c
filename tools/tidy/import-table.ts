/** Who may import whom, as data; ARCHITECTURE.md shows the same table. `npm run tidy` executes it, its test proves that it is a DAG. */

/** A part of the house: everything under `path` that no longer path claims. */
export type Room = {
  readonly name: string;
  /** A folder, or one file. */
  readonly path: string;
  /** Imports go to lower ranks only. */
  readonly rank: number;
  /** Rooms of ours that it may import, besides itself. */
  readonly imports: readonly string[];
  /** Whether it may import `node:` modules. */
  readonly node: boolean;
};

type Row = readonly [name: string, path: string, rank: number, imports: readonly string[]];

const GROUND = ['base', 'metrics-catalog', 'protocol'] as const;
const GATEWAY_1 = ['gateway/config', 'gateway/limits', 'gateway/metrics', 'gateway/telemetry'] as const;
const GATEWAY_2 = [
  'gateway/transport',
  'gateway/protocol',
  'gateway/auth',
  'gateway/broker',
  'gateway/lifecycle',
] as const;
const GATEWAY = [...GATEWAY_1, ...GATEWAY_2, 'gateway/channel', 'gateway/session', 'gateway/api'] as const;
const CONTROLLER_1 = ['controller/config', 'controller/telemetry', 'controller/decode'] as const;
const CONTROLLER_2 = ['controller/queue', 'controller/certificates', 'controller/gateways'] as const;
const CONTROLLER_3 = ['controller/election', 'controller/metrics-api', 'controller/operations'] as const;
const CONTROLLER_4 = ['controller/fleet', 'controller/reconcile'] as const;
const CONTROLLER_BELOW_WORK = [...CONTROLLER_1, ...CONTROLLER_2, ...CONTROLLER_3, ...CONTROLLER_4] as const;
const CONTROLLER_WORK = [
  'controller/rebalance',
  'controller/drains',
  'controller/deletion-cost',
  'controller/ejection',
] as const;
const CONTROLLER = [
  ...CONTROLLER_BELOW_WORK,
  ...CONTROLLER_WORK,
  'controller/status',
  'controller/kube',
] as const;

/** Rooms that run in browsers or k6 as well: nothing of Node. */
const ISOMORPHIC: readonly Row[] = [
  ['base', 'packages/base', 0, []],
  ['metrics-catalog', 'packages/metrics-catalog', 0, []],
  ['protocol', 'packages/protocol', 1, ['base']],
  ['client', 'packages/client', 2, ['base', 'protocol']],
  ['react', 'packages/react', 3, ['client']],
  ['load-tests', 'load-tests', 2, ['base', 'protocol', 'metrics-catalog']],
];

const NODE: readonly Row[] = [
  ['testkit', 'packages/testkit', 2, ['base', 'protocol']],
  ['cli', 'packages/cli', 2, ['base', 'protocol']],
  // What the SDK can do in Node only, behind a door of its own, so that browsers never load it.
  ['client/node', 'packages/client/src/node', 3, ['base', 'client']],

  ['gateway/config', 'services/gateway/src/config', 3, GROUND],
  ['gateway/limits', 'services/gateway/src/limits', 3, GROUND],
  ['gateway/metrics', 'services/gateway/src/metrics', 3, GROUND],
  ['gateway/telemetry', 'services/gateway/src/telemetry', 3, GROUND],
  ['gateway/transport', 'services/gateway/src/transport', 4, [...GROUND, ...GATEWAY_1]],
  ['gateway/protocol', 'services/gateway/src/protocol', 4, [...GROUND, ...GATEWAY_1]],
  ['gateway/auth', 'services/gateway/src/auth', 4, [...GROUND, ...GATEWAY_1]],
  ['gateway/broker', 'services/gateway/src/broker', 4, [...GROUND, ...GATEWAY_1]],
  ['gateway/lifecycle', 'services/gateway/src/lifecycle', 4, [...GROUND, ...GATEWAY_1]],
  [
    'gateway/channel',
    'services/gateway/src/channel',
    5,
    [...GROUND, ...GATEWAY_1, 'gateway/protocol', 'gateway/broker'],
  ],
  [
    'gateway/session',
    'services/gateway/src/session',
    6,
    [...GROUND, ...GATEWAY_1, 'gateway/protocol', 'gateway/auth', 'gateway/broker', 'gateway/channel'],
  ],
  [
    'gateway/api',
    'services/gateway/src/api',
    6,
    [...GROUND, ...GATEWAY_1, 'gateway/protocol', 'gateway/auth', 'gateway/broker', 'gateway/channel'],
  ],
  ['gateway/wiring', 'services/gateway/src/wiring', 7, [...GROUND, ...GATEWAY]],
  ['gateway/dev', 'services/gateway/src/dev', 8, [...GROUND, ...GATEWAY, 'gateway/wiring', 'client']],
  ['gateway/main', 'services/gateway/src', 8, [...GROUND, ...GATEWAY, 'gateway/wiring']],
  [
    'gateway/tests',
    'services/gateway',
    9,
    [...GROUND, ...GATEWAY, 'gateway/wiring', 'gateway/dev', 'client'],
  ],

  // The controller's rooms declare what they need of Kubernetes; kube/ implements it, so it stands above them.
  ['controller/config', 'services/controller/src/config', 3, [...GROUND, 'controller/decode']],
  ['controller/telemetry', 'services/controller/src/telemetry', 3, [...GROUND, 'controller/decode']],
  ['controller/decode', 'services/controller/src/decode', 2, GROUND],
  ['controller/queue', 'services/controller/src/queue', 4, [...GROUND, ...CONTROLLER_1]],
  ['controller/certificates', 'services/controller/src/certificates', 4, [...GROUND, ...CONTROLLER_1]],
  ['controller/gateways', 'services/controller/src/gateways', 4, [...GROUND, ...CONTROLLER_1]],
  [
    'controller/election',
    'services/controller/src/election',
    5,
    [...GROUND, ...CONTROLLER_1, ...CONTROLLER_2],
  ],
  [
    'controller/metrics-api',
    'services/controller/src/metrics-api',
    5,
    [...GROUND, ...CONTROLLER_1, ...CONTROLLER_2],
  ],
  [
    'controller/operations',
    'services/controller/src/operations',
    5,
    [...GROUND, ...CONTROLLER_1, ...CONTROLLER_2],
  ],
  [
    'controller/reconcile',
    'services/controller/src/reconcile',
    6,
    [...GROUND, ...CONTROLLER_1, ...CONTROLLER_2, ...CONTROLLER_3],
  ],
  [
    'controller/fleet',
    'services/controller/src/fleet',
    6,
    [...GROUND, ...CONTROLLER_1, ...CONTROLLER_2, ...CONTROLLER_3],
  ],
  ['controller/rebalance', 'services/controller/src/rebalance', 7, [...GROUND, ...CONTROLLER_BELOW_WORK]],
  ['controller/drains', 'services/controller/src/drains', 7, [...GROUND, ...CONTROLLER_BELOW_WORK]],
  [
    'controller/deletion-cost',
    'services/controller/src/deletion-cost',
    7,
    [...GROUND, ...CONTROLLER_BELOW_WORK],
  ],
  ['controller/ejection', 'services/controller/src/ejection', 7, [...GROUND, ...CONTROLLER_BELOW_WORK]],
  [
    'controller/status',
    'services/controller/src/status',
    8,
    [...GROUND, ...CONTROLLER_BELOW_WORK, ...CONTROLLER_WORK],
  ],
  [
    'controller/kube',
    'services/controller/src/kube',
    9,
    [...GROUND, ...CONTROLLER_BELOW_WORK, ...CONTROLLER_WORK, 'controller/status'],
  ],
  ['controller/bootstrap', 'services/controller/src/bootstrap', 10, [...GROUND, ...CONTROLLER]],
  ['controller/main', 'services/controller/src', 11, [...GROUND, ...CONTROLLER]],
  ['controller/tests', 'services/controller', 12, [...GROUND, ...CONTROLLER, 'controller/main']],

  ['charts', 'charts', 4, ['base', 'metrics-catalog', 'dashboards']],
  ['dashboards', 'dashboards', 3, ['metrics-catalog']],
  // What starts k6 runs in Node; what k6 runs does not.
  ['load-tests/launcher', 'load-tests/launcher', 3, ['base', 'metrics-catalog', 'load-tests']],
  ['load-tests/k8s', 'load-tests/k8s', 4, ['base', 'load-tests', 'load-tests/launcher']],
  ['load-tests/run', 'load-tests/run.ts', 4, ['base', 'load-tests', 'load-tests/launcher']],
  ['tests', 'tests', 10, ['base', 'protocol', 'client', 'metrics-catalog']],
  ['infra', 'infra', 5, ['base']],
  ['tools', 'tools', 5, ['base']],
];

/** All rooms, longest path first, so that the first that matches is the nearest. */
export const ROOMS: readonly Room[] = [
  ...ISOMORPHIC.map(row => toRoom(row, false)),
  ...NODE.map(row => toRoom(row, true)),
].sort((a, b) => b.path.length - a.path.length);

/** npm modules that only these rooms know, so that each can be replaced in one place. */
export const EXCLUSIVE_MODULES: { readonly [module: string]: readonly string[] } = {
  ws: ['gateway/transport'],
  ioredis: ['gateway/broker'],
  luaparse: ['gateway/tests'],
  msgpackr: ['protocol'],
  jose: ['gateway/auth', 'gateway/dev', 'cli'],
  typebox: ['gateway/config', 'gateway/api'],
  hono: ['gateway/api', 'gateway/dev', 'gateway/lifecycle'],
  '@hono/node-server': ['gateway/api', 'gateway/dev', 'gateway/lifecycle'],
  rolldown: ['tools'],
  pino: ['gateway/telemetry', 'controller/telemetry'],
  '@prometheus-io/client': [
    'gateway/metrics',
    'controller/operations',
    'controller/telemetry',
    'controller/metrics-api',
  ],
  '@kubernetes/client-node': ['controller/kube', 'cli'],
};

function toRoom([name, path, rank, imports]: Row, node: boolean): Room {
  return { name, path, rank, imports, node };
}
