import { assertNever } from '@kittiwake/base';
import type { Report } from './config-problem.ts';
import type { ConfigFile } from './config-schema.ts';
import type { BrokerConfig } from './gateway-config.ts';
import type { Secrets } from './secrets.ts';
import { parseHostPort } from './urls.ts';

type BrokerEntry = NonNullable<ConfigFile['broker']>;

/** Settings that only make sense with one kind. */
const SETTINGS = {
  memory: [],
  redis: ['url'],
  sentinel: ['sentinels', 'master', 'username', 'sentinelUsername'],
} as const satisfies { readonly [K in BrokerEntry['kind']]: readonly (keyof BrokerEntry)[] };

/** Turns the `broker` section and its passwords into what the broker is made from. */
export function buildBroker(entry: BrokerEntry, secrets: Secrets, report: Report): BrokerConfig {
  reportStrangers(entry, report);
  const password = secrets['redis-password'];
  const sentinelPassword = secrets['sentinel-password'];
  switch (entry.kind) {
    case 'memory':
      return { kind: 'memory' };
    case 'redis':
      reportUrl(entry.url, report);
      return { kind: 'redis', url: entry.url ?? '', ...(password !== undefined && { password }) };
    case 'sentinel':
      if (entry.master === undefined)
        report('broker.master', 'is missing: the name of the group that the Sentinels watch');
      return {
        kind: 'sentinel',
        sentinels: readSentinels(entry.sentinels, report),
        master: entry.master ?? '',
        ...(entry.username !== undefined && { username: entry.username }),
        ...(password !== undefined && { password }),
        ...(entry.sentinelUsername !== undefined && { sentinelUsername: entry.sentinelUsername }),
        ...(sentinelPassword !== undefined && { sentinelPassword }),
      };
    default:
      return assertNever(entry.kind);
  }
}

function reportStrangers(entry: BrokerEntry, report: Report): void {
  const own: readonly string[] = ['kind', ...SETTINGS[entry.kind]];
  for (const key of Object.keys(entry)) {
    if (!own.includes(key)) report(`broker.${key}`, `has no meaning with kind ${entry.kind}`);
  }
}

function reportUrl(url: string | undefined, report: Report): void {
  if (url === undefined) {
    report('broker.url', 'is missing: an address like redis://redis:6379');
    return;
  }
  const parsed = URL.parse(url);
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol)) {
    report('broker.url', 'must be a redis:// or rediss:// address');
  } else if (parsed.password !== '') {
    report('broker.url', 'must not hold a password: put it into the secret redis-password');
  }
}

function readSentinels(
  texts: readonly string[] | undefined,
  report: Report,
): { readonly host: string; readonly port: number }[] {
  if (texts === undefined) report('broker.sentinels', 'is missing: a list of host:port');
  return (texts ?? []).flatMap((text, index) => {
    const parsed = parseHostPort(text);
    if (parsed === undefined) report(`broker.sentinels[${index}]`, 'must be host:port');
    return parsed ?? [];
  });
}
