import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { importRules } from './import-rules.ts';

const HOUSE = {
  'packages/base/src/index.ts': '',
  'packages/protocol/src/index.ts': '',
  'packages/testkit/src/index.ts': '',
};
const inside = (path: string, text: string): readonly string[] =>
  found(importRules, { ...HOUSE, [path]: text });

test('[Y1] imports that point upwards or sideways are found', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['services/gateway/src/transport/a.ts', "import '../session/session.ts';"],
    ['services/gateway/src/transport/a.ts', "import type { X } from '../protocol/inbound.ts';"],
    ['services/gateway/src/channel/a.ts', "import '../session/session.ts';"],
    ['services/gateway/src/config/a.ts', "import '../limits/token-bucket.ts';"],
    ['services/gateway/src/main.ts', "import '../../controller/src/main.ts';"],
    ['packages/base/src/a.ts', "import '@kittiwake/protocol';"],
    ['services/gateway/src/channel/a.ts', "import '@kittiwake/testkit';"],
  ];
  for (const [path, text] of cases) assert.equal(inside(path, text).length, 1, `${path} ${text}`);
});

test('[Y1] imports that point downwards are fine', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'services/gateway/src/channel/a.ts',
      "import '../broker/broker.ts'; import '@kittiwake/base'; import './hub.ts';",
    ],
    [
      'services/gateway/src/broker/redis/a.ts',
      "import 'ioredis'; import '../broker.ts'; import '../../metrics/metrics.ts';",
    ],
    ['services/gateway/src/wiring.ts', "import './transport/a.ts'; import './session/a.ts';"],
    ['packages/protocol/src/a.ts', "import '../../base/src/index.ts'; import 'msgpackr';"],
  ];
  for (const [path, text] of cases) assert.deepEqual(inside(path, text), [], path);
});

test('[Y1] each npm module is known to its own rooms only', () => {
  assert.deepEqual(inside('services/gateway/src/session/a.ts', "import { WebSocket } from 'ws';"), [
    'services/gateway/src/session/a.ts:1 only gateway/transport may import ws',
  ]);
  assert.equal(inside('services/gateway/src/channel/a.ts', "import 'ioredis/built/x';").length, 1);
});

test('[Y1] what browsers and k6 load has nothing of Node, its tests and scripts may', () => {
  assert.equal(inside('packages/protocol/src/a.ts', "import 'node:crypto';").length, 1);
  assert.deepEqual(inside('packages/protocol/src/a.test.ts', "import 'node:crypto';"), []);
  assert.deepEqual(inside('packages/protocol/scripts/a.ts', "import 'node:fs';"), []);
});

test('[Y1] packages are entered by their doors, and relative imports name the file', () => {
  assert.equal(
    inside('services/gateway/src/channel/a.ts', "import '../../../../packages/base/src/index.ts';").length,
    1,
  );
  assert.equal(inside('services/gateway/src/channel/a.ts', "import './hub';").length, 1);
});

test('[Y1] a file that stands in no room is found, tests may import what they test', () => {
  assert.equal(inside('scripts/a.ts', '').length, 1);
  assert.deepEqual(
    inside(
      'services/gateway/src/channel/a.test.ts',
      "import '../session/session.ts'; import '@kittiwake/testkit';",
    ),
    [],
  );
});
