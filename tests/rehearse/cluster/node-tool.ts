import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** What cuts a node of a test cluster off and joins it again: `TOOL partition N`, `TOOL heal N`. */
const TOOL = process.env['KITTIWAKE_CLUSTER_TOOL'] ?? '../shared/cluster/cluster';
const DONE_MS = 10_000;

/** Whether nodes can be cut off here. */
export function canCutOff(): boolean {
  return existsSync(TOOL);
}

/** Cuts a node's network, or joins it again; nodes are called `…-N`. */
export async function cutOff(node: string): Promise<void> {
  await tool('partition', node);
}

export async function joinAgain(node: string): Promise<void> {
  await tool('heal', node);
}

async function tool(command: 'partition' | 'heal', node: string): Promise<void> {
  const number = /\d+$/.exec(node)?.[0];
  if (number === undefined) throw new Error(`${node} has no number`);
  await promisify(execFile)(TOOL, [command, number], { timeout: DONE_MS });
}
