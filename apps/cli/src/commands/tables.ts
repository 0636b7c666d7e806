import type { RemoteTableName } from '@tributary/contract';
import { tableStyle } from '../output/formats.js';
import { renderTable } from '../output/table-layout.js';
import { openSession } from '../session.js';
import { quoteDotted } from '../statement/identifiers.js';
import { formatCount } from '../terminal/units.js';
import type { CommandContext } from './command-context.js';

export interface TablesOptions {
  readonly source?: string | undefined;
}

export async function runTables(context: CommandContext, { source }: TablesOptions): Promise<void> {
  await using session = await openSession(context.global);
  const tables = await session.engine.listTables(source, { signal: context.signal });
  context.terminal.stdout.write(tableList(tables, tableStyle(context.terminal)));
}

export interface SourceTable {
  readonly sourceId: string;
  readonly table: RemoteTableName;
}

const columns = [
  { name: 'table', numeric: false },
  { name: 'kind', numeric: false },
  { name: 'rows (about)', numeric: true },
];

export function tableList(tables: readonly SourceTable[], style: Parameters<typeof renderTable>[2]): string {
  const rows = tables.map(({ sourceId, table }) => [
    tableName({ sourceId, table }),
    table.kind,
    table.estimatedRows === undefined ? '' : formatCount(table.estimatedRows),
  ]);
  return renderTable(columns, rows, style);
}

/** The table's name as SQL takes it. */
export function tableName({ sourceId, table }: SourceTable): string {
  return quoteDotted([sourceId, ...(table.schema === undefined ? [] : [table.schema]), table.name]);
}
