import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { ConfigError } from '../errors/config-error.js';
import { systemFault } from '../errors/system-fault.js';
import { configSchema, engineSchema } from './config-schema.js';
import type { EngineConfig, LoadedConfig, RawConfig } from './config-types.js';
import { findConfig } from './find-config.js';
import { readModule } from './read-module.js';
import { readYaml } from './read-yaml.js';
import { issueError, schemaKeys } from './schema-issues.js';

export interface LoadOptions {
  /** Where to look, and what `named` is relative to. */
  readonly directory: string;
  readonly named?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds, reads and checks the configuration.
 * @throws TributaryError CONFIG.*, with the place in the file where there is one.
 */
export async function loadConfig({ directory, named, env }: LoadOptions): Promise<LoadedConfig> {
  const file = findConfig(directory, named);
  const isYaml = ['.yaml', '.yml'].includes(extname(file));
  return checkConfig(isYaml ? readYaml(file, await textOf(file), env) : await readModule(file));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('CONFIG.INVALID', {
      message: `The configuration ${file} cannot be read: ${systemFault(cause)}.`,
      fix: 'Let this user read it, or name another file with --config.',
      cause,
    });
  }
}

/** Checks the form of everything but the sources' own options, which their connectors know. */
export function checkConfig(raw: RawConfig): LoadedConfig {
  const parsed = configSchema.safeParse(raw.value);
  if (!parsed.success) throw issueError(raw, parsed.error.issues, keysAt);
  const { sources, engine = {}, views = {} } = parsed.data;
  const directory = dirname(raw.file);
  const loaded = Object.entries(sources).map(([id, { connector, timeoutMs, ...options }]) => ({
    id,
    connector:
      typeof connector === 'string' && connector.startsWith('.') ? resolve(directory, connector) : connector,
    timeoutMs,
    options,
  }));
  if (loaded.length === 0) {
    throw new ConfigError('CONFIG.INVALID', {
      message: 'The configuration has no source.',
      fix: 'Add one below `sources:`; `tributary init` writes a commented example.',
      location: raw.locate(['sources'], 'key'),
    });
  }
  return {
    file: raw.file,
    sources: loaded,
    engine: absoluteSpill(engine, directory),
    views,
    locate: raw.locate,
  };
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return schemaKeys(configSchema);
  return path[0] === 'engine' ? schemaKeys(engineSchema) : [];
}

function absoluteSpill(engine: EngineConfig, directory: string): EngineConfig {
  if (engine.spillDirectory === undefined) return engine;
  return { ...engine, spillDirectory: resolve(directory, engine.spillDirectory) };
}
