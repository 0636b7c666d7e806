import bindings, { type Vector } from '@duckdb/node-bindings';
import type { DataType as ArrowType, Data } from 'apache-arrow';
import { arrowData } from './arrow-data.js';
import type { ColumnBuilder } from './column-builder.js';
import { GrowingBuffer } from './growing-buffer.js';
import { ValidityBuilder } from './validity.js';

export type Convert = (source: Uint8Array, target: Uint8Array, targetStart: number) => void;

/** How a value's bytes get from DuckDB's layout into Arrow's. Positions are in bytes. */
export interface FixedWidthLayout {
  readonly sourceWidth: number;
  readonly targetWidth: number;
  /** Absent: the bytes are the same. */
  readonly convert?: Convert;
}

/** Values of one width: numbers, dates, times, decimals, uuids, intervals. */
export class FixedWidthBuilder implements ColumnBuilder {
  readonly #values = new GrowingBuffer();
  readonly #validity = new ValidityBuilder();
  #source: Uint8Array = new Uint8Array(0);

  readonly #type: ArrowType;
  readonly #layout: FixedWidthLayout;

  constructor(type: ArrowType, layout: FixedWidthLayout) {
    this.#type = type;
    this.#layout = layout;
  }

  get bytes(): number {
    return this.#values.length;
  }

  load(vector: Vector, count: number): void {
    this.#source = bindings.vector_get_data(vector, count * this.#layout.sourceWidth);
    this.#validity.load(vector, count);
  }

  take(start: number, length: number): void {
    const { sourceWidth, targetWidth, convert } = this.#layout;
    if (convert === undefined) {
      this.#values.append(this.#source.subarray(start * sourceWidth, (start + length) * sourceWidth));
    } else {
      this.#validity.runs(start, length, {
        valid: (from, count) => {
          const target = this.#values.extend(count * targetWidth);
          const source = this.#source.subarray(from * sourceWidth, (from + count) * sourceWidth);
          convert(source, target.bytes, target.start);
        },
        missing: (count) => this.#values.extend(count * targetWidth),
      });
    }
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    this.#values.extend(length * this.#layout.targetWidth);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    const { buffer, length: bytes } = this.#values.take();
    const ArrayType: TypedArrayConstructor = this.#type.ArrayType;
    const values = new ArrayType(buffer, 0, bytes / ArrayType.BYTES_PER_ELEMENT);
    return arrowData(this.#type, { ...validity, values });
  }
}

interface TypedArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
}
