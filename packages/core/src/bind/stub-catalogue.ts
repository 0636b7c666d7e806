import { typeName } from '@tributary/contract/plan';
import type { BoundTable } from './import-plan.js';

/** Catalogue, schema and name of a stub in the binder's DuckDB. */
export type StubPath = readonly [catalog: string, schema: string, name: string];

/** The binder's own catalogue, for names without a source. */
export const defaultCatalog = 'memory';

/** The schema of what has none. */
export const mainSchema = 'main';

/**
 * Empty tables that stand for the sources' tables, so that DuckDB can bind a statement against them.
 * Each source is an attached in-memory catalogue.
 */
export class StubCatalogue {
  readonly #run: (statement: string) => Promise<void>;
  readonly #catalogs = new Set<string>([defaultCatalog]);
  readonly #schemas = new Set<string>([schemaKey(defaultCatalog, mainSchema)]);
  readonly #tables = new Map<string, BoundTable>();

  constructor(run: (statement: string) => Promise<void>) {
    this.#run = run;
  }

  /** The table behind a stub; names are folded as DuckDB folds them. */
  lookup(catalog: string, schema: string, name: string): BoundTable | undefined {
    return this.#tables.get(stubKey([catalog, schema, name]));
  }

  /** Whether of some table only a sample is known. */
  get hasSampled(): boolean {
    return this.#tables.values().some(({ schema }) => schema.sampled === true);
  }

  /** Creates or replaces a stub. Columns that differ only in case get a number, as DuckDB would do. */
  async define(path: StubPath, table: BoundTable): Promise<void> {
    const key = stubKey(path);
    if (this.#tables.get(key)?.schema.version === table.schema.version && this.#tables.has(key)) {
      this.#tables.set(key, table);
      return;
    }
    const [catalog, schema] = path;
    if (!this.#catalogs.has(catalog.toLowerCase())) {
      await this.#run(`ATTACH ':memory:' AS ${quote(catalog)}`);
      this.#catalogs.add(catalog.toLowerCase());
      this.#schemas.add(schemaKey(catalog, mainSchema));
    }
    if (!this.#schemas.has(schemaKey(catalog, schema))) {
      await this.#run(`CREATE SCHEMA ${quote(catalog)}.${quote(schema)}`);
      this.#schemas.add(schemaKey(catalog, schema));
    }
    const names = distinctNames(table.schema.columns.map((c) => c.name));
    const columns = table.schema.columns.map(
      (c, i) => `${quote(names[i] ?? c.name)} ${typeName(c.type)}${c.nullable ? '' : ' NOT NULL'}`,
    );
    // DuckDB has no table without columns; nothing can refer to this one.
    if (columns.length === 0) columns.push('"(no columns)" BOOLEAN');
    await this.#run(`CREATE OR REPLACE TABLE ${path.map(quote).join('.')} (${columns.join(', ')})`);
    this.#tables.set(key, table);
  }

  /** Drops the stubs of a source, so that its tables are looked up anew. */
  async forget(source: string): Promise<void> {
    for (const [key, table] of this.#tables) {
      if (table.source !== source) continue;
      const path: unknown = JSON.parse(key);
      if (Array.isArray(path)) {
        await this.#run(`DROP TABLE IF EXISTS ${path.map((p) => quote(String(p))).join('.')}`);
      }
      this.#tables.delete(key);
    }
  }
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function stubKey(path: StubPath): string {
  return JSON.stringify(path.map((part) => part.toLowerCase()));
}

function schemaKey(catalog: string, schema: string): string {
  return JSON.stringify([catalog.toLowerCase(), schema.toLowerCase()]);
}

/** DuckDB folds case, so of columns that differ in nothing else all but one get a number. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = name;
    for (let n = 1; taken.has(candidate.toLowerCase()); n += 1) candidate = `${name}_${n}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}
