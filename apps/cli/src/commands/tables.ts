import type { Engine } from '@tributary/core';
import { tableStyle } from '../output/formats.js';
import { type TableStyle, renderTable } from '../output/table-layout.js';
import { openSession } from '../session.js';
import { quoteDotted } from '../statement/identifiers.js';
import { formatCount } from '../terminal/units.js';
import { listSourceTables, tableName } from './catalog.js';
import type { CommandContext } from './command-context.js';

export interface TablesOptions {
  readonly source?: string | undefined;
}

export async function runTables(context: CommandContext, { source }: TablesOptions): Promise<void> {
  await using session = await openSession(context.global);
  const style = tableStyle(context.terminal);
  context.terminal.stdout.write(await tableList(session.engine, source, context.signal, style));
}

const columns = [
  { name: 'table', numeric: false },
  { name: 'kind', numeric: false },
  { name: 'rows (about)', numeric: true },
];

/** The tables of a source; of all sources, with the views of the configuration. */
export async function tableList(
  engine: Engine,
  sourceId: string | undefined,
  signal: AbortSignal,
  style: TableStyle,
): Promise<string> {
  const tables = await listSourceTables(engine, sourceId, signal);
  const views = sourceId === undefined ? engine.views() : [];
  const rows = [
    ...tables.map(({ sourceId: id, table }) => [
      tableName({ sourceId: id, table }),
      table.kind,
      table.estimatedRows === undefined ? '' : formatCount(table.estimatedRows),
    ]),
    ...views.map(({ name }) => [quoteDotted([name]), 'view of the configuration', '']),
  ];
  return renderTable(columns, rows, style);
}
