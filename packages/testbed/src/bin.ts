#!/usr/bin/env node
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isSystemName, systemNames } from './up/systems.js';
import { up } from './up/up.js';

const usage = `pnpm testbed up [${systemNames.join('|')} …] [--scale 0.01] [--config .testbed/tributary.yaml]

  Starts real servers (all of them, if none is named), fills each with TPC-H, writes a configuration that names
  them and the same data as Parquet files, and ends everything at Ctrl-C.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '0.01' },
    config: { type: 'string', default: '.testbed/tributary.yaml' },
    help: { type: 'boolean', default: false },
  },
});

const [command, ...named] = positionals;
const names = named.filter(isSystemName);
const scale = Number(values.scale);
if (values.help) {
  process.stdout.write(`${usage}\n`);
} else if (command !== 'up' || names.length < named.length || !(scale > 0)) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  await main();
}

async function main(): Promise<void> {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  const options = {
    names: names.length === 0 ? systemNames : names,
    scale,
    config: resolve(values.config),
    print: (line: string) => void process.stdout.write(`${line}\n`),
  };
  try {
    await up(options, controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
