import { TributaryError } from '@tributary/contract/errors';
import type { IFederatedDataSource, RemoteTableName, RemoteTableSchema } from '@tributary/contract/source';
import type { FederatedDataSourceRegistry } from '../registry/index.js';
import type { BoundTable } from './import-plan.js';
import type { SchemaCache } from './schema-cache.js';
import { type StubPath, defaultCatalog, mainSchema } from './stub-catalogue.js';

export interface Resolution {
  readonly stub: StubPath;
  readonly table: BoundTable;
}

/** Finds the source and the table that a name of one to three parts means. */
export class TableResolver {
  readonly #registry: FederatedDataSourceRegistry;
  readonly #schemas: SchemaCache;

  constructor(registry: FederatedDataSourceRegistry, schemas: SchemaCache) {
    this.#registry = registry;
    this.#schemas = schemas;
  }

  /**
   * @throws TributaryError SQL.UNKNOWN_TABLE or SQL.AMBIGUOUS_TABLE with candidates, or the source's own error when it
   * could not be asked.
   */
  async resolve(
    parts: readonly string[],
    position: number | undefined,
    signal: AbortSignal,
  ): Promise<Resolution> {
    const [first = '', ...rest] = parts;
    const named = rest.length > 0 ? sourceNamed(this.#registry, first) : undefined;
    if (named !== undefined) {
      const found = (await this.#describe(named, rest, signal)) ?? (await this.#inMain(named, rest, signal));
      if (found === undefined) throw await this.#unknown(parts, [named], position, signal);
      return { stub: stubPath(named.sourceId, rest), table: found };
    }
    return this.#search(parts, position, signal);
  }

  /** Has a table described with all its columns where its source knows it by a sample. */
  async complete({ source: id, path, schema }: BoundTable, signal: AbortSignal): Promise<void> {
    const source = this.#registry.getSource(id);
    if (source !== undefined && schema.sampled === true) await this.#schemas.complete(source, path, signal);
  }

  /** A name without its source: every source is asked, and exactly one must know it. */
  async #search(
    parts: readonly string[],
    position: number | undefined,
    signal: AbortSignal,
  ): Promise<Resolution> {
    const sources = this.#registry.getAllSources();
    const answers = await Promise.allSettled(
      parts.length > 2 ? [] : sources.map((source) => this.#describe(source, parts, signal)),
    );
    const found = answers.flatMap((a) =>
      a.status === 'fulfilled' && a.value !== undefined ? [a.value] : [],
    );
    const [only, ...others] = found;
    if (only === undefined) {
      const failed = answers.find((a) => a.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      throw await this.#unknown(parts, sources, position, signal);
    }
    if (others.length > 0) {
      const candidates = found.map((t) => [t.source, ...t.path].join('.'));
      throw new TributaryError('SQL.AMBIGUOUS_TABLE', {
        message: `"${parts.join('.')}" may be any of ${candidates.join(', ')}.`,
        object: parts.join('.'),
        candidates,
        ...(position !== undefined && { position }),
      });
    }
    return { stub: stubPath(defaultCatalog, parts), table: only };
  }

  /** Exact name first, then without regard to case where just one table matches. */
  async #describe(
    source: IFederatedDataSource,
    path: readonly string[],
    signal: AbortSignal,
  ): Promise<BoundTable | undefined> {
    const exact = await this.#schemas.describe(source, path, signal);
    if (exact !== undefined) return bound(source, exact);
    const folded = path.map((part) => part.toLowerCase());
    const matches = (await this.#schemas.tables(source, signal)).filter((table) => {
      const names = path.length === 1 ? [table.name] : pathOf(table);
      return (
        names.length === folded.length &&
        names.every((part, i) => part.toLowerCase() === folded[i]) &&
        names.some((part, i) => part !== path[i])
      );
    });
    const [match] = matches;
    if (match === undefined || matches.length > 1) return undefined;
    const schema = await this.#schemas.describe(source, pathOf(match), signal);
    return schema && bound(source, schema);
  }

  /** A table without a schema, by the schema that DuckDB, and so SHOW, has for it. */
  async #inMain(
    source: IFederatedDataSource,
    [schema = '', ...name]: readonly string[],
    signal: AbortSignal,
  ): Promise<BoundTable | undefined> {
    if (schema.toLowerCase() !== mainSchema || name.length === 0) return undefined;
    const found = await this.#describe(source, name, signal);
    return found?.path.length === 1 ? found : undefined;
  }

  async #unknown(
    parts: readonly string[],
    sources: readonly IFederatedDataSource[],
    position: number | undefined,
    signal: AbortSignal,
  ): Promise<TributaryError> {
    const wanted = parts.at(-1) ?? '';
    const listings = await Promise.allSettled(sources.map((source) => this.#schemas.tables(source, signal)));
    const names = listings.flatMap((listing, i) =>
      listing.status === 'fulfilled'
        ? listing.value.map((table) => ({ table, source: sources[i]?.sourceId ?? '' }))
        : [],
    );
    const candidates = names
      .map(({ table, source }) => ({
        name: [source, ...pathOf(table)].join('.'),
        distance: editDistance(table.name.toLowerCase(), wanted.toLowerCase()),
      }))
      .filter(({ distance }) => distance <= Math.max(2, wanted.length / 3))
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, 5)
      .map(({ name }) => name);
    const known = sources.map((source) => source.sourceId);
    const isSource = parts.length === 1 && sourceNamed(this.#registry, wanted) !== undefined;
    const fix = isSource
      ? `"${wanted}" is a source: SHOW TABLES FROM "${wanted}" lists its tables.`
      : candidates.length > 0
        ? `Did you mean ${candidates.join(' or ')}?`
        : undefined;
    const where =
      sources.length === 1 && parts.length > 1
        ? `Source "${known.join('')}" has no table`
        : `No source (${known.join(', ') || 'none is registered'}) has a table`;
    return new TributaryError('SQL.UNKNOWN_TABLE', {
      message: `${where} "${(sources.length === 1 && parts.length > 1 ? parts.slice(1) : parts).join('.')}".`,
      object: parts.join('.'),
      candidates,
      ...(fix !== undefined && { fix }),
      ...(position !== undefined && { position }),
    });
  }
}

/** By its id as it is, or else without regard to case. */
export function sourceNamed(
  registry: FederatedDataSourceRegistry,
  id: string,
): IFederatedDataSource | undefined {
  const folded = id.toLowerCase();
  const all = registry.getAllSources();
  return registry.getSource(id) ?? all.find(({ sourceId }) => sourceId.toLowerCase() === folded);
}

/** A table's name within its source. */
export function pathOf(table: RemoteTableName): readonly string[] {
  return table.schema === undefined ? [table.name] : [table.schema, table.name];
}

function bound(source: IFederatedDataSource, schema: RemoteTableSchema): BoundTable {
  return { source: source.sourceId, path: pathOf(schema.table), schema };
}

/** DuckDB reads `a.b` as catalogue and table (schema main), or as schema and table of its own catalogue. */
function stubPath(catalog: string, path: readonly string[]): StubPath {
  const name = path.at(-1) ?? '';
  return [catalog, path.at(-2) ?? mainSchema, name];
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, y] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (x === y ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
