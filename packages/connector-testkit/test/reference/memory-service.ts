import { setImmediate } from 'node:timers/promises';
import type { FixtureRow } from '../../src/index.js';
import type { StandardTable } from '../../src/fixtures/standard-tables.js';

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export class BrokenError extends Error {
  override readonly name = 'BrokenError';
}

const pageRows = 500;

/** A service that hands out rows in pages: what an API is to a plain connector. */
export class MemoryService {
  readonly token = 'reference-t0ken';
  readonly #tables = new Map<
    string,
    { readonly table: StandardTable; readonly rows: readonly FixtureRow[] }
  >();
  readonly #dropped = new Set<string>();
  #active = 0;
  #bytes = 0;
  #interruptions = 0;

  load(tables: readonly StandardTable[]): void {
    this.#dropped.clear();
    for (const table of tables) this.#tables.set(table.name, { table, rows: [...table.rows()] });
  }

  get active(): number {
    return this.#active;
  }

  get bytes(): number {
    return this.#bytes;
  }

  interrupt(): void {
    this.#interruptions += 1;
  }

  dropColumn(table: string, column: string): void {
    this.#dropped.add(`${table}.${column}`);
  }

  tables(token: string): readonly StandardTable[] {
    if (token !== this.token) throw new RefusedError('the token was refused');
    return [...this.#tables.values()].map(({ table }) => ({
      ...table,
      columns: table.columns.filter(({ name }) => !this.#dropped.has(`${table.name}.${name}`)),
    }));
  }

  /** Pages of whole rows that the test lets through. */
  async *rows(
    token: string,
    name: string,
    keep: (row: FixtureRow) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<readonly FixtureRow[], void, undefined> {
    if (token !== this.token) throw new RefusedError('the token was refused');
    const rows = this.#tables.get(name)?.rows ?? [];
    const interruptions = this.#interruptions;
    this.#active += 1;
    try {
      for (let start = 0; start < rows.length; start += pageRows) {
        await setImmediate();
        signal.throwIfAborted();
        if (this.#interruptions > interruptions) throw new BrokenError('the connection broke');
        const page = rows.slice(start, start + pageRows).filter(keep);
        this.#bytes += page.reduce((sum, row) => sum + row.join().length, 0);
        if (page.length > 0) yield page;
      }
    } finally {
      this.#active -= 1;
    }
  }
}
