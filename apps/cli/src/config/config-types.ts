import type { Connector } from '@tributary/contract';
import type { ConfigLocation } from '../errors/config-error.js';

/** What `tributary.config.ts` exports as its default, and what `tributary.yaml` holds. */
export interface TributaryConfig {
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly engine?: EngineConfig;
  /** SELECT statements by the name under which they can be read: `{ revenue: 'select …' }`. */
  readonly views?: Readonly<Record<string, string>>;
}

export interface SourceConfig {
  /**
   * A short name (`postgres` is the package `@tributary/connector-postgres`), a package's name, a path that begins with
   * `./`, or the connector itself.
   */
  readonly connector: string | Connector;
  /** Milliseconds that this source has for its part of a query. */
  readonly timeoutMs?: number;
  /** The connector's own options. Relative paths in them are relative to the configuration file. */
  readonly [option: string]: unknown;
}

export interface EngineConfig {
  /** DuckDB's memory limit: `512MB`, `2GiB`. */
  readonly memoryLimit?: string | undefined;
  /** Folder for staging and spilled data. */
  readonly spillDirectory?: string | undefined;
  /** Most bytes in the spill directory: `20GB`. */
  readonly spillQuota?: string | undefined;
  readonly threads?: number | undefined;
  /** Milliseconds for one source's part of a query, unless the source has its own. */
  readonly timeoutMs?: number | undefined;
  readonly maxConcurrentQueries?: number | undefined;
}

/** Where a key stands, for files that have positions. `key` points at the name, else at the value. */
export type Locate = (path: readonly PropertyKey[], part: 'key' | 'value') => ConfigLocation | undefined;

/** A configuration as its file gives it, not yet checked. */
export interface RawConfig {
  readonly file: string;
  /** What messages call it, if not by its file. */
  readonly title?: string;
  readonly value: unknown;
  readonly locate: Locate;
}

/** A checked configuration. */
export interface LoadedConfig {
  /** Of a configuration that was not read, the one that would lie in the working directory. */
  readonly file: string;
  /** What messages call it, if not by its file. */
  readonly title?: string;
  readonly sources: readonly LoadedSource[];
  readonly engine: EngineConfig;
  readonly views: Readonly<Record<string, string>>;
  readonly locate: Locate;
}

export interface LoadedSource {
  readonly id: string;
  readonly connector: string | Connector;
  readonly timeoutMs: number | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Identity function that gives `tributary.config.ts` its types. */
export function defineConfig(config: TributaryConfig): TributaryConfig {
  return config;
}
