import { BufferType, Data, type DataType, makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';
import type { ArrowColumnData, Batch } from '../sink.js';

/** Copies a batch out of the producer's memory; nothing is done per row. */
export function toRecordBatch(schema: Schema, batch: Batch<ArrowColumnData>): RecordBatch {
  const children = schema.fields.map((field, index) => {
    const column = batch.columns[index];
    if (column === undefined) throw new RangeError(`The batch has no column ${index}.`);
    return toData(field.type, column);
  });
  const struct = makeData({ type: new Struct(schema.fields), length: batch.rows, nullCount: 0, children });
  return new RecordBatch(schema, struct);
}

function toData(type: DataType, column: ArrowColumnData): Data {
  const { length, nullCount } = column;
  const [elementField] = type.children ?? [];
  const children = elementField && column.child ? [toData(elementField.type, column.child)] : [];
  const buffers = {
    [BufferType.VALIDITY]: nullCount === 0 ? new Uint8Array() : new Uint8Array(copy(column.validity)),
    ...(column.offsets.length === 0 ? {} : { [BufferType.OFFSET]: new Int32Array(copy(column.offsets)) }),
    ...(column.child ? {} : { [BufferType.DATA]: new type.ArrayType(copy(column.values)) }),
  };
  return new Data(type, 0, length, nullCount, buffers, children);
}

function copy(bytes: Uint8Array): ArrayBufferLike {
  return bytes.slice().buffer;
}
