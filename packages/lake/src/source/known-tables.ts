import { type ScanRequest, typeName } from '@tributary/connector-sdk';
import type { LakeTable } from '../table/lake-table.js';
import { foldCase } from '../table/names.js';

/** Time travel makes a name of every version, so that there is no end of tables that may be asked for. */
const mostTablesKept = 1000;

/** The tables that were used last, as they were seen then. */
export class KnownTables {
  readonly #tables = new Map<string, LakeTable>();

  get(path: readonly string[]): LakeTable | undefined {
    const table = this.#tables.get(tableKey(path));
    if (table !== undefined) this.set(path, table);
    return table;
  }

  set(path: readonly string[], table: LakeTable | undefined): void {
    const key = tableKey(path);
    // What was used last goes last.
    this.#tables.delete(key);
    if (table !== undefined) this.#tables.set(key, table);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > mostTablesKept && oldest !== undefined) this.#tables.delete(oldest);
  }

  clear(): void {
    this.#tables.clear();
  }
}

/** Names know no case in SQL. */
export function tableKey(path: readonly string[]): string {
  return foldCase(path.join('\0'));
}

/** A table that so many others were asked for since that it is known no more: planned as if it had no files, which the run finds. */
export function unseenTable({ table, columns, filterColumns }: ScanRequest, location: string): LakeTable {
  return {
    name: { name: table.join('.') },
    location,
    format: 'parquet',
    columns: [...columns, ...filterColumns].map((column) => ({
      ...column,
      nativeType: typeName(column.type),
      origin: 'file',
    })),
    files: [],
    version: '',
  };
}
