#!/usr/bin/env node
import { CONFIG_SCHEMA } from '../src/config/config-schema.ts';

/** Prints the configuration's JSON Schema for editors; its output is `services/gateway/config/gateway.schema.json`. */
process.stdout.write(`${JSON.stringify(CONFIG_SCHEMA, null, 2)}\n`);
