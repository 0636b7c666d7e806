import { type RemoteTableSchema, typeName } from '@tributary/contract';
import { tableStyle } from '../output/formats.js';
import { type TableStyle, renderTable } from '../output/table-layout.js';
import { openSession } from '../session.js';
import type { CommandContext } from './command-context.js';

export interface DescribeOptions {
  readonly table: string;
}

export async function runDescribe(context: CommandContext, { table }: DescribeOptions): Promise<void> {
  await using session = await openSession(context.global);
  const schema = await session.engine.describeTable(table, { signal: context.signal });
  context.terminal.stdout.write(tableDescription(schema, tableStyle(context.terminal)));
}

const columns = ['column', 'type', 'in the source', 'null', 'key', 'note'].map((name) => ({ name, numeric: false }));

export function tableDescription(schema: RemoteTableSchema, style: TableStyle): string {
  const rows = schema.columns.map((column) => [
    column.name,
    typeName(column.type),
    column.nativeType,
    column.nullable ? '' : 'not null',
    keyOf(schema, column.name),
    column.note ?? '',
  ]);
  return renderTable(columns, rows, style);
}

function keyOf(schema: RemoteTableSchema, column: string): string {
  if (schema.primaryKey.includes(column)) return 'primary';
  if (schema.uniqueKeys.some((key) => key.includes(column))) return 'unique';
  return schema.indexes.some(([leading]) => leading === column) ? 'index' : '';
}
