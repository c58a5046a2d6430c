/** What `INFO` says of `name`, without the white space around it; `undefined` where it says nothing of it. */
export function infoField(info: string, name: string): string | undefined {
  const key = `${name}:`;
  let at = info.indexOf(key);
  while (at > 0 && info[at - 1] !== '\n') at = info.indexOf(key, at + 1);
  if (at === -1) return undefined;
  const end = info.indexOf('\n', at);
  const value = info.slice(at + key.length, end === -1 ? info.length : end).trim();
  return value === '' ? undefined : value;
}
