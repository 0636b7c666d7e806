import { type RemoteTableSchema, typeName } from '@tributary/contract';
import type { OutputColumn } from '@tributary/core';
import { tableStyle } from '../output/formats.js';
import { type TableStyle, renderTable } from '../output/table-layout.js';
import { openSession } from '../session.js';
import { type Described, describeRelation } from './catalog.js';
import type { CommandContext } from './command-context.js';

export interface DescribeOptions {
  readonly table: string;
}

export async function runDescribe(context: CommandContext, { table }: DescribeOptions): Promise<void> {
  await using session = await openSession(context.global);
  const described = await describeRelation(session.engine, table, context.signal);
  context.terminal.stdout.write(describedText(described, tableStyle(context.terminal)));
}

export function describedText(described: Described, style: TableStyle): string {
  switch (described.kind) {
    case 'table':
      return tableText(described.schema, style);
    case 'view':
      return viewText(described.columns, style);
  }
}

function tableText(schema: RemoteTableSchema, style: TableStyle): string {
  const rows = schema.columns.map((column) => [
    column.name,
    typeName(column.type),
    column.nativeType,
    column.nullable ? '' : 'not null',
    keyOf(schema, column.name),
    column.note ?? '',
  ]);
  const names = ['column', 'type', 'in the source', 'null', 'key', 'note'];
  // Most tables have no notes, files no keys: columns of nothing would only make lines too long for the terminal.
  const told = names.map((_, index) => index < 2 || rows.some((row) => row[index] !== ''));
  const filled = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => told[index]);
  return renderTable(textColumns(filled(names)), rows.map(filled), style);
}

function viewText(columns: readonly OutputColumn[], style: TableStyle): string {
  const rows = columns.map(({ name, type }) => [name, typeName(type)]);
  return renderTable(textColumns(['column', 'type']), rows, style);
}

function textColumns(names: readonly string[]): { readonly name: string; readonly numeric: boolean }[] {
  return names.map((name) => ({ name, numeric: false }));
}

function keyOf(schema: RemoteTableSchema, column: string): string {
  if (schema.primaryKey.includes(column)) return 'primary';
  if (schema.uniqueKeys.some((key) => key.includes(column))) return 'unique';
  return schema.indexes.some(([leading]) => leading === column) ? 'index' : '';
}
