import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrowRows, openPlainDuckDB, type Row } from '@tributary/testbed';
import {
  ArrowSink,
  type Column,
  createPgCopyDecoder,
  type ParquetLayoutSink,
  ParquetSpoolWriter,
  type PgCopyColumn,
  type PgCopyDecoder,
  spoolSelect,
} from '../src/index.js';

export interface Decoded {
  readonly rows: readonly Row[];
  readonly rest: Uint8Array | undefined;
  readonly driverMessages: readonly Uint8Array[];
}

/** Decodes a stream cut into chunks, through the Arrow layout. */
export async function decodeToArrow(
  columns: readonly PgCopyColumn[],
  chunks: Iterable<Uint8Array>,
  maxRows = 65_536,
): Promise<Decoded> {
  const sink = new ArrowSink(columns, { maxRows, maxQueued: Number.POSITIVE_INFINITY });
  const decoder = createPgCopyDecoder({ columns, sink, sourceId: 'shop', object: 'public.t' });
  const driverMessages: Uint8Array[] = [];
  decoder.onDriverMessage = (message) => driverMessages.push(message);
  await feed(decoder, chunks);
  sink.end();
  return { rows: arrowRows(await Array.fromAsync(sink)), rest: decoder.rest, driverMessages };
}

/** The same through the Parquet layout, a spool file and DuckDB. */
export async function decodeToDuckDB(
  columns: readonly PgCopyColumn[],
  chunks: Iterable<Uint8Array>,
  maxRows?: number,
  select = '*',
): Promise<readonly Row[]> {
  return throughSpool(
    columns,
    (sink) => feed(createPgCopyDecoder({ columns, sink, sourceId: 'shop', object: 'public.t' }), chunks),
    maxRows,
    select,
  );
}

/** Lets `write` fill a spool file and reads it back with DuckDB. */
export async function throughSpool(
  columns: readonly Column[],
  write: (sink: ParquetLayoutSink) => Promise<void>,
  maxRows?: number,
  select = '*',
): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-columnar-'));
  try {
    await using sink = await ParquetSpoolWriter.create({
      path: join(folder, 'spool.parquet'),
      columns,
      ...(maxRows === undefined ? {} : { maxRows }),
    });
    await write(sink);
    const file = await sink.finish();
    await using duckdb = await openPlainDuckDB();
    return (await duckdb.query(`SELECT ${select} FROM (${spoolSelect([file])})`)).rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function feed(decoder: PgCopyDecoder, chunks: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of chunks) await decoder.push(chunk);
  await decoder.end();
}

/** Cuts bytes into pieces of the same size. */
export function* cut(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
