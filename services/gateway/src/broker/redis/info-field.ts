/** The word that `INFO` says of `name`; `undefined` where it says none, or more than one. */
export function infoField(info: string, name: string): string | undefined {
  const key = `${name}:`;
  let at = info.indexOf(key);
  while (at > 0 && info[at - 1] !== '\n') at = info.indexOf(key, at + 1);
  if (at === -1) return undefined;
  const end = info.indexOf('\n', at);
  const value = info.slice(at + key.length, end === -1 ? info.length : end).trimEnd();
  return /^\S+$/.test(value) ? value : undefined;
}
