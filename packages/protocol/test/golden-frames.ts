import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { jsonCodec, PROTOCOL_VERSION } from '../src/index.ts';
import { msgpackCodec } from '../src/msgpack.ts';
import type { Sample } from './sample-messages.ts';

/** One message as it crosses the wire in both formats. Files of a released version are never changed. */
export type GoldenFrame = {
  readonly from: 'client' | 'server';
  readonly json: string;
  readonly msgpack: string;
};

/** Where the frames of the current version are kept. */
export const GOLDEN_FOLDER = new URL(`./golden/v${PROTOCOL_VERSION}/`, import.meta.url);

/** What a sample looks like on the wire now. */
export function frameOf({ from, message }: Sample): GoldenFrame {
  const json = String(jsonCodec.encode(message));
  const msgpack = Buffer.from(msgpackCodec.encode(message) as Uint8Array).toString('hex');
  return { from, json, msgpack };
}

/** The recorded frames, by sample name. */
export function readGolden(): ReadonlyMap<string, GoldenFrame> {
  const names = readdirSync(GOLDEN_FOLDER)
    .filter(name => name.endsWith('.json'))
    .sort();
  return new Map(names.map(name => [name.replace(/\.json$/, ''), readFrame(name)]));
}

function readFrame(name: string): GoldenFrame {
  return JSON.parse(readFileSync(new URL(name, GOLDEN_FOLDER), 'utf8')) as GoldenFrame;
}

/** Digest of all frames. */
export function hashFrames(frames: ReadonlyMap<string, GoldenFrame>): string {
  const hash = createHash('sha256');
  for (const [name, { from, json, msgpack }] of [...frames].sort())
    hash.update(`${name}\n${from}\n${json}\n${msgpack}\n`);
  return hash.digest('hex');
}
