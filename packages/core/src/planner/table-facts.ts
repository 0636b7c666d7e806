import { isDeepStrictEqual } from 'node:util';
import { type Rel, type Scan, visitRel } from '@tributary/contract/plan';
import type { RemoteTableSchema, TableStatistics } from '@tributary/contract/source';
import type { SchemaCache } from '../bind/schema-cache.js';
import type { FederatedDataSourceRegistry } from '../registry/index.js';

/** What is known of the tables of one plan, fetched before it is optimised. */
export interface TableFacts {
  schema(source: string, table: readonly string[]): RemoteTableSchema | undefined;
  statistics(source: string, table: readonly string[]): TableStatistics | undefined;
  /** Whether the sources say the same now. Within the cache's time this asks nobody. */
  unchanged(signal: AbortSignal): Promise<boolean>;
}

/** Asks the sources, all tables at once. A table whose statistics cannot be had is planned with defaults. */
export async function gatherTableFacts(
  relation: Rel | undefined,
  registry: FederatedDataSourceRegistry,
  cache: SchemaCache,
  signal: AbortSignal,
): Promise<TableFacts> {
  const scans = new Map<string, Scan>();
  if (relation !== undefined) {
    visitRel(relation, (rel) => {
      if (rel.kind === 'scan') scans.set(keyOf(rel.source, rel.table), rel);
    });
  }
  const ask = async (now: AbortSignal): Promise<Known> => {
    const schemas = new Map<string, RemoteTableSchema>();
    const statistics = new Map<string, TableStatistics>();
    await Promise.all(
      [...scans].map(async ([key, scan]) => {
        const source = registry.getSource(scan.source);
        if (source === undefined) return;
        const schema = await cache.describe(source, scan.table, now);
        if (schema === undefined) return;
        schemas.set(key, schema);
        const known = await cache.statistics(source, schema.table, now).catch(() => undefined);
        if (known !== undefined) statistics.set(key, known);
      }),
    );
    return { schemas, statistics };
  };
  const known = await ask(signal);
  return {
    schema: (source, table) => known.schemas.get(keyOf(source, table)),
    statistics: (source, table) => known.statistics.get(keyOf(source, table)),
    unchanged: async (now) => isDeepStrictEqual(await ask(now), known),
  };
}

/** By `keyOf` the table. */
interface Known {
  readonly schemas: ReadonlyMap<string, RemoteTableSchema>;
  readonly statistics: ReadonlyMap<string, TableStatistics>;
}

function keyOf(source: string, table: readonly string[]): string {
  return [source, ...table].join('\u0000');
}
