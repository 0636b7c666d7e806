import { type Engine, type EngineOptions, createEngine } from '@tributary/core';
import { withCommandLineSources } from './config/command-line-sources.js';
import type { LoadedConfig } from './config/config-types.js';
import { createSources } from './config/create-sources.js';
import { loadConfig } from './config/load-config.js';
import { ConfigError } from './errors/config-error.js';

/** A configuration and the engine over its sources. */
export interface Session extends AsyncDisposable {
  readonly config: LoadedConfig;
  readonly engine: Engine;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly source: readonly string[];
}

/** @throws TributaryError CONFIG.* */
export async function openSession(options: GlobalOptions): Promise<Session> {
  const config = await configOf(options);
  const engine = await engineOf(config).catch(async (error: unknown) => {
    throw (await viewError(config)) ?? error;
  });
  return { config, engine, [Symbol.asyncDispose]: () => engine.close() };
}

async function configOf({ config: named, source }: GlobalOptions): Promise<LoadedConfig> {
  const directory = process.cwd();
  if (source.length > 0 && named === undefined) return withCommandLineSources(source, directory);
  const config = await loadConfig({ directory, named, env: process.env });
  return withCommandLineSources(source, directory, config);
}

async function engineOf(config: LoadedConfig): Promise<Engine> {
  return createEngine({ ...engineOptions(config), sources: await createSources(config) });
}

/** The complaint about the first view that is no query: the engine's own does not say which one it is. */
async function viewError({ views, locate }: LoadedConfig): Promise<ConfigError | undefined> {
  for (const [name, query] of Object.entries(views)) {
    try {
      await using _ = await createEngine({ sources: [], views: { [name]: query } });
    } catch (cause) {
      return new ConfigError('CONFIG.INVALID', {
        message: `views.${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
        fix: 'Write one SELECT statement.',
        location: locate(['views', name], 'value'),
        cause,
      });
    }
  }
  return undefined;
}

/** The configuration as the engine takes it, without the sources. */
export function engineOptions(config: LoadedConfig): Omit<EngineOptions, 'sources'> {
  const timeouts = config.sources.flatMap(({ id, timeoutMs }) =>
    timeoutMs === undefined ? [] : [[id, timeoutMs]],
  );
  const { memoryLimit, spillDirectory, spillQuota, threads, timeoutMs, maxConcurrentQueries } = config.engine;
  return {
    views: config.views,
    sourceTimeoutsMs: Object.fromEntries(timeouts),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(spillDirectory !== undefined && { spillDirectory }),
    ...(spillQuota !== undefined && { spillQuota }),
    ...(threads !== undefined && { threads }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxConcurrentQueries !== undefined && { maxConcurrentQueries }),
  };
}
