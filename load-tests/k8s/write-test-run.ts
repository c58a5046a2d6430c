import { writeFileSync } from 'node:fs';
import { DEFAULT_TEST_RUN, testRunYaml } from './test-run.ts';

/** Writes the committed example manifest anew. */
writeFileSync(new URL('test-run.yaml', import.meta.url), testRunYaml(DEFAULT_TEST_RUN));
