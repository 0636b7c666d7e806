import type { Scan } from '@tributary/contract/plan';
import type { RemoteTableName, RemoteTableSchema } from '@tributary/contract/source';

/** A description with whatever else a connector keeps of a table. */
export interface DescribedTable {
  readonly schema: RemoteTableSchema;
}

/** What a source has described so far: planning does no I/O, and the engine describes before it plans. */
export class DescribedTables<Table extends DescribedTable = DescribedTable> {
  readonly #tables = new Map<string, Table>();

  remember(table: Table): void {
    const { schema, name } = table.schema.table;
    this.#tables.set(keyOf(schema, name), table);
  }

  named(table: Pick<RemoteTableName, 'schema' | 'name'>): Table | undefined {
    return this.#tables.get(keyOf(table.schema, table.name));
  }

  /** Undefined where another source of the same server has described the table. */
  of(scan: Scan): Table | undefined {
    return this.#tables.get(keyOf(scan.table.at(-2), scan.table.at(-1) ?? ''));
  }
}

function keyOf(schema: string | undefined, name: string): string {
  return JSON.stringify([schema ?? '', name]);
}
