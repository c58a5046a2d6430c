/** `npm run spec`: writes the generated tables of SPEC.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderSpec } from './render-spec.ts';

const path = new URL('../SPEC.md', import.meta.url);
writeFileSync(path, renderSpec(readFileSync(path, 'utf8')));
