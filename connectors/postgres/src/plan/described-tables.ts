import type { Scan } from '@tributary/contract/plan';
import type { RemoteTableName } from '@tributary/contract/source';
import type { DescribedTable } from '../discovery/describe-table.js';

/** What the source has described so far: planning does no I/O, and the engine describes before it plans. */
export class DescribedTables {
  readonly #tables = new Map<string, DescribedTable>();

  remember(table: DescribedTable): void {
    const { schema, name } = table.schema.table;
    this.#tables.set(keyOf([schema ?? '', name]), table);
  }

  named(table: RemoteTableName): DescribedTable | undefined {
    return this.#tables.get(keyOf([table.schema ?? '', table.name]));
  }

  of(scan: Scan): DescribedTable | undefined {
    return this.#tables.get(keyOf(scan.table.slice(-2)));
  }
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
