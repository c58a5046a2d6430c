import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { PROTOCOL_VERSION } from '../src/index.ts';
import { frameOf, hashFrames } from './golden-frames.ts';
import { SAMPLES } from './sample-messages.ts';

/** What was recorded when the wire last changed: its version, a digest of the decoders, a digest of the sample frames. */
export type WireLock = { readonly version: number; readonly decoders: string; readonly frames: string };

/** Where it is recorded. */
export const LOCK_FILE = new URL('./wire-lock.json', import.meta.url);

const SOURCE = new URL('../src/', import.meta.url);
/** What says how messages look, besides src/messages. */
const SHARED = [
  'client-message.ts',
  'server-message.ts',
  'close-codes.ts',
  'epoch-chain.ts',
  'error-kinds.ts',
  'fields.ts',
  'ids.ts',
  'limits.ts',
  'position.ts',
  'presence-entry.ts',
  'producer.ts',
  'resume.ts',
  'retry.ts',
  'version.ts',
  'forbidden-keys.ts',
];

/** The lock of the code as it stands. */
export function currentLock(): WireLock {
  const frames = new Map(SAMPLES.map(sample => [sample.name, frameOf(sample)]));
  return { version: PROTOCOL_VERSION, decoders: hashDecoders(), frames: hashFrames(frames) };
}

/** The lock as recorded. */
export function recordedLock(): WireLock {
  return JSON.parse(readFileSync(LOCK_FILE, 'utf8')) as WireLock;
}

function hashDecoders(): string {
  const messages = readdirSync(new URL('messages/', SOURCE)).map(name => `messages/${name}`);
  const hash = createHash('sha256');
  for (const name of [...SHARED, ...messages].filter(file => !file.endsWith('.test.ts')).sort()) {
    hash.update(`${name}\n${tokensOf(readFileSync(new URL(name, SOURCE), 'utf8'))}\n`);
  }
  return hash.digest('hex');
}

/** The code without comments and layout, which are not the wire. */
function tokensOf(text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  // A comma before a closing bracket is layout too.
  return tokens.join(' ').replace(/ , ([)\]}])/g, ' $1');
}
