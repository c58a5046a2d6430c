#!/usr/bin/env node
import { CONFIG_SCHEMA } from './config-schema.ts';

/** Prints the configuration's JSON Schema for editors: `node print-schema.ts > ../../config/gateway.schema.json`. */
process.stdout.write(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
