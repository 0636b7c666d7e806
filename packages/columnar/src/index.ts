export { toRecordBatch } from './arrow/arrow-data.js';
export { arrowField, arrowSchema } from './arrow/arrow-schema.js';
export { ArrowSink, type ArrowSinkOptions } from './arrow/arrow-sink.js';
export { GrowingBits, GrowingBytes } from './batches/growing-buffers.js';
export { columnsOfSchema } from './batches/columns-of-schema.js';
export { writeRecordBatches } from './batches/write-record-batches.js';
export { type Column, type ColumnType, isColumnType, isScalarType, type ScalarType } from './column-type.js';
export { AppendFile } from './parquet/append-file.js';
export {
  createMysqlRowsDecoder,
  type MysqlRowsDecoder,
  type MysqlRowsDecoderOptions,
} from './mysql-rows/decoder.js';
export type { MysqlColumn } from './mysql-rows/program.js';
export type { MysqlWireColumn } from './mysql-rows/wire-column.js';
export { parquetRowCount } from './parquet/row-count.js';
export { ParquetSpoolWriter, type ParquetSpoolOptions, type SpoolFile } from './parquet/spool-writer.js';
export { spoolSelect } from './parquet/spool-select.js';
export { CopySocket } from './pg-copy/copy-socket.js';
export { copyOut, type PgClient } from './pg-copy/copy-out.js';
export { createPgCopyDecoder, type PgCopyDecoder, type PgCopyDecoderOptions } from './pg-copy/decoder.js';
export type { PgCopyColumn } from './pg-copy/program.js';
export type {
  ArrowColumnData,
  ArrowLayoutSink,
  Batch,
  ColumnSink,
  ParquetColumnData,
  ParquetLayoutSink,
  ParquetLevels,
} from './sink.js';
