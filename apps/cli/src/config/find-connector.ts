import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connector } from '@tributary/contract';
import { closest } from '../errors/closest.js';
import { ConfigError } from '../errors/config-error.js';
import { isConnector } from './config-schema.js';
import type { LoadedConfig, LoadedSource } from './config-types.js';

/** The connectors that come with this command. */
const bundledConnectors: ReadonlyMap<string, () => Promise<object>> = new Map<string, () => Promise<object>>([
  ['postgres', () => import('@tributary/connector-postgres')],
  ['duckdb-s3', () => import('@tributary/connector-duckdb-s3')],
  ['gcs', () => import('@tributary/connector-gcs')],
  ['azure', () => import('@tributary/connector-azure')],
  ['delta', () => import('@tributary/connector-delta')],
]);

/**
 * The connector of a source: the value itself, a package found from the configuration's folder, or one of ours.
 * @throws TributaryError CONFIG.UNKNOWN_CONNECTOR
 */
export async function findConnector(config: LoadedConfig, source: LoadedSource): Promise<Connector> {
  const name = source.connector;
  if (typeof name !== 'string') return name;
  const specifier = packageName(name);
  const installed = isAbsolute(specifier) ? specifier : resolveFrom(dirname(config.file), specifier);
  const load = installed === undefined ? bundledConnectors.get(name) : () => importConnector(installed);
  const location = config.locate(['sources', source.id, 'connector'], 'value');
  if (load === undefined) {
    throw new ConfigError('CONFIG.UNKNOWN_CONNECTOR', {
      message: `sources.${source.id}: there is no connector "${name}" (package ${specifier}).`,
      candidates: closest(name, bundledConnectors.keys()),
      fix: `Install it with \`npm install ${specifier}\` beside ${config.file}, or correct the name. Built in: ${[...bundledConnectors.keys()].join(', ')}.`,
      location,
    });
  }
  const exports = await load().catch((cause: unknown) => {
    throw new ConfigError('CONFIG.UNKNOWN_CONNECTOR', {
      message: `sources.${source.id}: the connector "${name}" cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      location,
      cause,
    });
  });
  const connectors = Object.values(exports).filter(isConnector);
  const found = connectors.find((connector) => connector.name === name) ?? connectors[0];
  if (found !== undefined) return found;
  throw new ConfigError('CONFIG.UNKNOWN_CONNECTOR', {
    message: `sources.${source.id}: ${specifier} exports no connector.`,
    fix: 'Name a package that exports the result of defineConnector().',
    location,
  });
}

function packageName(name: string): string {
  const isShort = /^[a-z0-9-]+$/.test(name);
  return isShort ? `@tributary/connector-${name}` : name;
}

async function importConnector(path: string): Promise<object> {
  const exports: unknown = await import(pathToFileURL(path).href);
  return typeof exports === 'object' && exports !== null ? exports : {};
}

/** The file of a package's main export as seen from `directory`; undefined when it is not installed there. */
function resolveFrom(directory: string, specifier: string): string | undefined {
  const require = createRequire(join(directory, 'tributary.yaml'));
  try {
    return require.resolve(specifier);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
      return importOnlyEntry(require, specifier);
    }
    return undefined;
  }
}

/** `require.resolve` does not look at the `import` condition, the only one that some ESM packages have. */
function importOnlyEntry(require: NodeJS.Require, specifier: string): string | undefined {
  for (const folder of require.resolve.paths(specifier) ?? []) {
    const root = join(folder, specifier);
    const manifest = readManifest(join(root, 'package.json'));
    const entry = manifest?.exports?.['.']?.import;
    if (entry !== undefined) return join(root, entry);
  }
  return undefined;
}

interface ImportOnlyManifest {
  readonly exports?: { readonly '.'?: { readonly import?: string } };
}

function readManifest(path: string): ImportOnlyManifest | undefined {
  try {
    const manifest: ImportOnlyManifest = JSON.parse(readFileSync(path, 'utf8'));
    return manifest;
  } catch {
    return undefined;
  }
}
