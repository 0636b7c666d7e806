import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { tpchParquet } from '../tpch/parquet.js';
import {
  sampleQuery,
  writeConfiguration,
  type ConfiguredSource,
  type SourceOptions,
} from './configuration-file.js';
import { systems, type SystemName } from './systems.js';

export interface UpOptions {
  readonly names: readonly SystemName[];
  /** TPC-H scale factor. */
  readonly scale: number;
  /** Absolute path of the configuration to write. */
  readonly config: string;
  print(line: string): void;
}

/** Starts the servers, fills them, writes the configuration, and ends all of it when `signal` says so. */
export async function up({ names, scale, config, print }: UpOptions, signal: AbortSignal): Promise<void> {
  await using servers = new AsyncDisposableStack();
  const sources: ConfiguredSource[] = [];
  for (const name of names) {
    signal.throwIfAborted();
    const { title, connector, start } = systems[name];
    print(`${title}: starting (a first time installs it) …`);
    const started = performance.now();
    const server = servers.use(await start());
    signal.throwIfAborted();
    print(`${title}: on 127.0.0.1:${server.port}, taking in TPC-H at scale factor ${scale} …`);
    await server.load(scale);
    print(`${title}: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    sources.push({ id: name, connector, options: server.options });
  }
  sources.push({ id: 'lake', connector: 'duckdb-s3', options: { root: await tpchParquet(scale) } });
  servers.defer(() => rm(config, { force: true }));
  await writeConfiguration(config, sources);
  print(instructions(config, sources));
  await untilAborted(signal);
  print('Ending the servers …');
}

function instructions(config: string, sources: readonly ConfiguredSource[]): string {
  const file = relative(process.cwd(), config);
  const command = `npm run -s tributary -- --config ${file}`;
  const ids = sources.map(({ id }) => id);
  const places = sources.map(({ id, options }) => `  ${id.padEnd(12)} ${placeOf(options)}`);
  return `
${places.join('\n')}

Each holds the eight tables of TPC-H, as ${ids[0]}.orders and so on; ${file} names them all. In another terminal:

  ${command} shell
  ${command} query "${sampleQuery(ids)}"

Ctrl-C ends the servers and takes their data with them.`;
}

/** What is not below another key: a URL, a folder. */
function placeOf(options: SourceOptions): string {
  return Object.values(options)
    .filter((value) => typeof value === 'string')
    .join(' ');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // Something must keep the process alive: servers and signal handlers do not.
    const alive = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}
