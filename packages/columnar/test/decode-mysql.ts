import { arrowRows, type Row } from '@tributary/testbed';
import {
  ArrowSink,
  type ColumnSink,
  type ColumnType,
  createMysqlRowsDecoder,
  type MysqlColumn,
  type MysqlRowsDecoder,
  type MysqlWireColumn,
} from '../src/index.js';
import { expect } from 'vitest';
import { throughSpool } from './decode.js';
import * as mysql from './mysql-bytes.js';

/** What the plan wants, and what the server says. */
export type DecodedColumn = MysqlColumn & { readonly wire: MysqlWireColumn };

export function mysqlDecoder(
  columns: readonly DecodedColumn[],
  sink: ColumnSink,
  maxRowBytes?: number,
): MysqlRowsDecoder {
  return createMysqlRowsDecoder({
    columns,
    wire: columns.map(({ wire }) => wire),
    sink,
    sourceId: 'shop',
    object: 'shop.t',
    ...(maxRowBytes === undefined ? {} : { maxRowBytes }),
  });
}

/** Decodes a stream cut into chunks, through the Arrow layout. */
export async function mysqlToArrow(
  columns: readonly DecodedColumn[],
  chunks: Iterable<Uint8Array>,
  maxRows = 65_536,
): Promise<{ readonly rows: readonly Row[]; readonly rest: Uint8Array | undefined }> {
  const sink = new ArrowSink(columns, { maxRows, maxQueued: Number.POSITIVE_INFINITY });
  const decoder = mysqlDecoder(columns, sink);
  await feedMysql(decoder, chunks);
  sink.end();
  return { rows: arrowRows(await Array.fromAsync(sink)), rest: decoder.rest };
}

/** The same through the Parquet layout, a spool file and DuckDB. */
export async function mysqlToDuckDB(
  columns: readonly DecodedColumn[],
  chunks: Iterable<Uint8Array>,
  maxRows?: number,
): Promise<readonly Row[]> {
  return throughSpool(columns, (sink) => feedMysql(mysqlDecoder(columns, sink), chunks), maxRows);
}

export async function feedMysql(decoder: MysqlRowsDecoder, chunks: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of chunks) await decoder.push(chunk);
  await decoder.end();
}

/** One column of these fields, decoded through both layouts; both must agree. */
export async function decodeColumn(
  wire: MysqlWireColumn,
  type: ColumnType,
  fields: readonly mysql.Field[],
  options: Pick<MysqlColumn, 'zeroDates'> = {},
): Promise<readonly unknown[]> {
  const columns: readonly DecodedColumn[] = [{ name: 'v', type, wire, ...options }];
  const bytes = mysql.rowStream(fields.map((field) => [field]));
  const { rows } = await mysqlToArrow(columns, [bytes], 7);
  expect(await mysqlToDuckDB(columns, [bytes], 5)).toEqual(rows);
  return rows.map(([cell]) => cell);
}

/** The code of the error that a value is refused with, or its cells. */
export async function refusal(wire: MysqlWireColumn, type: ColumnType, field: mysql.Field): Promise<unknown> {
  return decodeColumn(wire, type, [field]).catch((error: { code: string }) => error.code);
}
