import { readSettings, type Settings } from './settings.ts';

/** The settings of this run; what is wrong with them ends the run before it begins. */
export function k6Settings(): Settings {
  const settings = readSettings(__ENV);
  if (settings.ok) return settings.value;
  throw new Error(settings.error.join('\n'));
}
