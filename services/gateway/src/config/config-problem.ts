/** One thing that is wrong with a configuration. */
export type ConfigProblem = {
  /** Where it is: `channels[0].history.age`, `KITTIWAKE_GATEWAY_ID`, `secrets/api-key`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, without the value where that may be a secret. */
  readonly problem: string;
};

/** The path of `name` inside `path`. */
export function pathOf(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  const plain = /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
  return path === '' ? plain : `${path}.${plain}`;
}

/** A JSON pointer (`/channels/0/age`) as a path of ours, below `root`. */
export function pathOfPointer(pointer: string, root = ''): string {
  let path = root;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path = /^[0-9]+$/.test(name) ? pathOf(path, Number(name)) : pathOf(path, name);
  }
  return path;
}

/** Where a check says what it found. */
export type Report = (path: string, problem: string) => void;
