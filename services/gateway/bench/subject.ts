/** A gateway of `slow-consumers.ts` in a process of its own, which publishes to its one channel all the time. */
import { delay, systemClock, systemRandom } from '@kittiwake/base';
import { MemoryCluster } from '../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../src/broker/memory/memory-tier.ts';
import { parseConfig } from '../src/config/parse-config.ts';
import { TokenIssuer } from '../src/dev/token-issuer.ts';
import { createPrometheusMetrics } from '../src/metrics/prometheus-metrics.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { noTracer } from '../src/telemetry/no-tracer.ts';
import { createGateway } from '../src/wiring/gateway.ts';

/** How it is started: its arguments, in this order. */
export type SubjectArguments = readonly [conflate: string, perSecond: string, dataBytes: string];

/** What it tells: where it is at first, and then how it stands, each time that it is asked. */
export type SubjectAnswer =
  | { readonly told: 'address'; readonly port: number; readonly token: string }
  | {
      readonly told: 'state';
      readonly rssBytes: number;
      /** The most that waited for peers since it was asked last. */
      readonly outboxBytes: number;
      readonly slowConsumers: number;
      readonly leftOut: number;
    };

const KEY = 'a-key-of-thirty-two-bytes-and-more';
const SYSTEM = { clock: systemClock, random: systemRandom, log: silentLogger } as const;
const [conflate = 'false', perSecond = '10', dataBytes = '1024'] = process.argv.slice(2);
const PADDING = 'x'.repeat(Number(dataBytes));

const parsed = parseConfig(
  `
ports: { clients: 0, api: 0, operations: 0 }
channels:
  - { pattern: "bench:*", history: { size: 0, age: 1s }, conflate: ${conflate}, access: { join: everyone } }
`,
  { LOG_LEVEL: 'silent' },
  { 'signing-key-current': KEY, 'api-key': KEY },
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
const metrics = createPrometheusMetrics({ runtime: false });
const tier = createMemoryTier(new MemoryCluster(SYSTEM), SYSTEM);
const gateway = createGateway({ ...SYSTEM, config: parsed.value, metrics, tier, tracer: noTracer });
const { clients: port, api } = await gateway.start();
const issued = await new TokenIssuer({ ...SYSTEM, ...parsed.value.auth, key: KEY }).issue({ user: 'all' });
if (!issued.ok) throw new Error(issued.error);

let outboxBytes = 0;

async function publish(): Promise<void> {
  const data = { sentNs: String(process.hrtime.bigint()), padding: PADDING };
  const response = await fetch(`http://127.0.0.1:${api}/v1/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'bench:all', event: 'bench:tick:set', data }),
  });
  await response.text();
}

/** The value of a series, 0 where there is none yet. */
async function valueOfSeries(series: string): Promise<number> {
  const { body } = await metrics.render();
  const line = body.split('\n').find(text => text.startsWith(series));
  return Number(line?.split(' ').at(-1) ?? 0);
}

function tell(answer: SubjectAnswer): void {
  process.send?.(answer);
}

process.on('message', async () => {
  tell({
    told: 'state',
    rssBytes: process.memoryUsage.rss(),
    outboxBytes,
    slowConsumers: await valueOfSeries('kittiwake_disconnects_total{code="4431"'),
    leftOut: await valueOfSeries('kittiwake_conflated_publications_total '),
  });
  outboxBytes = 0;
});
tell({ told: 'address', port, token: issued.value });
for (;;) {
  const next = delay(systemClock, 1_000 / Number(perSecond));
  await publish();
  outboxBytes = Math.max(outboxBytes, await valueOfSeries('kittiwake_outbox_bytes '));
  await next;
}
