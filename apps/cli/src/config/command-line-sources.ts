import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors/usage-error.js';
import type { LoadedConfig, LoadedSource } from './config-types.js';

/** The connectors that take a location of this scheme. */
const connectorsByScheme: ReadonlyMap<string, string> = new Map([
  ['postgres', 'postgres'],
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['s3', 'duckdb-s3'],
  ['gs', 'gcs'],
  ['azure', 'azure'],
  ['az', 'azure'],
  ['abfss', 'azure'],
]);

/** Those that take it as their `url`; all others have a `root`. */
const servers: ReadonlySet<string> = new Set(['postgres', 'mysql', 'clickhouse']);

export const sourceHelp =
  'a source, such as shop=postgres://host/db, lake=./data, web=clickhouse:https://host (repeat it for more); ' +
  'no configuration is looked for then';

/**
 * The configuration that `--source` options make, or the one they are added to.
 * @throws UsageError
 */
export function withCommandLineSources(
  texts: readonly string[],
  directory: string,
  config?: LoadedConfig,
): LoadedConfig {
  const empty = {
    file: join(directory, 'tributary.yaml'),
    title: 'the command line',
    sources: [],
    engine: {},
    views: {},
    locate: () => undefined,
  };
  const base: LoadedConfig = config ?? empty;
  const added = texts.map((text) => commandLineSource(text, directory));
  return { ...base, sources: [...base.sources, ...added] };
}

function commandLineSource(text: string, directory: string): LoadedSource {
  const [, id, location] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (id === undefined || location === undefined) {
    throw new UsageError(
      'A source is given as id=location: --source lake=./data, --source shop=postgres://user@host/database.',
    );
  }
  return { id, timeoutMs: undefined, ...connection(id, location, directory) };
}

function connection(
  id: string,
  location: string,
  directory: string,
): Pick<LoadedSource, 'connector' | 'options'> {
  const [, scheme] = /^([a-z][a-z0-9+-]*):\/\//i.exec(location) ?? [];
  if (scheme !== undefined) {
    const connector = connectorsByScheme.get(scheme.toLowerCase());
    if (connector !== undefined) return { connector, options: optionsOf(connector, location) };
    throw new UsageError(
      `No connector is known for the ${scheme}:// of source ${id}: name it, as in --source ${id}=clickhouse:https://host.`,
    );
  }
  const [, connector, rest] = /^([a-z][a-z0-9-]+):(.+)$/s.exec(location) ?? [];
  if (connector !== undefined && rest !== undefined)
    return { connector, options: optionsOf(connector, rest) };
  return { connector: 'duckdb-s3', options: fileOptions(location, directory) };
}

function optionsOf(connector: string, location: string): LoadedSource['options'] {
  return servers.has(connector) ? { url: location } : { root: location };
}

/** A folder is a lake; a single file is a table of its name. */
function fileOptions(location: string, directory: string): LoadedSource['options'] {
  const path = resolve(directory, location);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return { root: path };
  const file = basename(path);
  return { root: dirname(path), tables: { [file.replace(/\..*$/s, '')]: { path: file } } };
}
