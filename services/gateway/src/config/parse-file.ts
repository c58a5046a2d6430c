import { isMap, LineCounter, parseDocument } from 'yaml';
import type { PlacedChannel } from './build-channels.ts';
import { type ConfigProblem, pathOf, type Report } from './config-problem.ts';
import { CONFIG_SCHEMA, type ConfigFile } from './config-schema.ts';
import { schemaProblems } from './schema-problems.ts';

/** Size of a configuration file. */
const FILE_CHARACTERS_MAX = 1_048_576;

/** The parts of a file that fit the schema, so that what contradicts itself there is found in the same run (F1). */
export type SoundFile = {
  readonly sections: Omit<ConfigFile, 'channels'>;
  readonly channels: readonly PlacedChannel[];
};

/** Reads YAML, of which JSON is a part, and checks it against the schema. Problems are reported; parts that have one are left out. */
export function parseFile(text: string, report: Report): SoundFile {
  const value = readYaml(text, report);
  const problems = schemaProblems(CONFIG_SCHEMA, value);
  for (const { path, problem } of problems) report(path, problem);
  if (!isFile(value)) return { sections: {}, channels: [] };
  const sections = Object.fromEntries(
    Object.entries(value).filter(([key]) => key !== 'channels' && isSound(problems, pathOf('', key))),
  );
  const channels = value.channels;
  if (channels === undefined) report('channels', 'is missing: without patterns no channel can be joined');
  const placed = (Array.isArray(channels) ? channels : []).map((entry, index) => ({
    path: `channels[${index}]`,
    entry,
  }));
  return { sections, channels: placed.filter(({ path }) => isSound(problems, path)) };
}

function readYaml(text: string, report: Report): unknown {
  if (text.length > FILE_CHARACTERS_MAX) {
    report('', 'is larger than 1 MiB');
    return undefined;
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, strict: true });
  for (const error of document.errors) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    report(`line ${line}, column ${col}`, error.message);
  }
  if (document.errors.length > 0) return undefined;
  if (document.contents !== null && !isMap(document.contents))
    return report('', 'must be a mapping of settings');
  try {
    return document.contents === null ? {} : document.toJS({ maxAliasCount: 100 });
  } catch {
    return report('', 'uses more aliases than are allowed');
  }
}

function isFile(value: unknown): value is ConfigFile {
  return typeof value === 'object' && value !== null;
}

function isSound(problems: readonly ConfigProblem[], path: string): boolean {
  return !problems.some(
    problem =>
      problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`),
  );
}
