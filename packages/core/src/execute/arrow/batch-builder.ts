import bindings from '@duckdb/node-bindings';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { Data, RecordBatch, type Schema, Struct } from 'apache-arrow';
import type { OutputColumn } from '../../plan/federated-plan.js';
import { arrowSchemaOf, deliveredType } from './arrow-schema.js';
import { makeBuilder } from './make-builder.js';

/** Gathers DuckDB's chunks (2048 rows) into record batches. */
export class BatchBuilder {
  readonly schema: Schema;
  readonly #columns;
  #rows = 0;

  /** Chunks must have these columns in their delivered types. */
  constructor(columns: readonly OutputColumn[]) {
    this.schema = arrowSchemaOf(columns);
    this.#columns = columns.map((column) => makeBuilder(deliveredType(column.type)));
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#columns.reduce((sum, column) => sum + column.bytes, 0);
  }

  append({ chunk, rowCount }: DuckDBDataChunk): void {
    for (const [index, column] of this.#columns.entries()) {
      column.load(bindings.data_chunk_get_vector(chunk, index), rowCount);
      column.take(0, rowCount);
    }
    this.#rows += rowCount;
  }

  finish(): RecordBatch {
    const children = this.#columns.map((column) => column.finish());
    const batch = batchOf(this.schema, this.#rows, children);
    this.#rows = 0;
    return batch;
  }
}

/** A record batch of columns that are in Arrow's layout already. */
export function batchOf(schema: Schema, rows: number, children: readonly Data[]): RecordBatch {
  const struct = new Struct(schema.fields);
  return new RecordBatch(schema, new Data(struct, 0, rows, 0, {}, [...children]));
}
