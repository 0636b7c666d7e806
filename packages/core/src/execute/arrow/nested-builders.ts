import bindings, { type Vector } from '@duckdb/node-bindings';
import type { DataType as ArrowType, Data } from 'apache-arrow';
import { arrowData } from './arrow-data.js';
import type { ColumnBuilder } from './column-builder.js';
import { GrowingBuffer } from './growing-buffer.js';
import { ValidityBuilder } from './validity.js';

/** Bytes of DuckDB's list_entry_t: offset and length into the child vector, 64 bits each. */
const listEntrySize = 16;

/** Lists and maps: a map is a list of key-value structs. */
export class ListBuilder implements ColumnBuilder {
  readonly #offsets = new GrowingBuffer();
  readonly #validity = new ValidityBuilder();
  #entries: DataView = new DataView(new ArrayBuffer(0));
  #childLength = 0;

  readonly #type: ArrowType;
  readonly #child: ColumnBuilder;

  constructor(type: ArrowType, child: ColumnBuilder) {
    this.#type = type;
    this.#child = child;
  }

  get bytes(): number {
    return this.#offsets.length + this.#child.bytes;
  }

  load(vector: Vector, count: number): void {
    const entries = bindings.vector_get_data(vector, count * listEntrySize);
    this.#entries = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    this.#validity.load(vector, count);
    this.#child.load(bindings.list_vector_get_child(vector), bindings.list_vector_get_size(vector));
  }

  take(start: number, length: number): void {
    const offsets = this.#extendOffsets(length);
    // Lists usually lie one after the other, so neighbours are taken together.
    let runStart = 0;
    let runLength = 0;
    for (let i = 0; i < length; i++) {
      if (this.#validity.isValid(start + i)) {
        const at = (start + i) * listEntrySize;
        const from = this.#entries.getUint32(at, true);
        const size = this.#entries.getUint32(at + 8, true);
        if (from === runStart + runLength) {
          runLength += size;
        } else {
          this.#child.take(runStart, runLength);
          runStart = from;
          runLength = size;
        }
        this.#childLength += size;
      }
      offsets[i] = this.#childLength;
    }
    this.#child.take(runStart, runLength);
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    this.#extendOffsets(length).fill(this.#childLength);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    if (this.#offsets.length === 0) this.#extendOffsets(0);
    const offsets = new Int32Array(this.#offsets.take().buffer, 0, validity.length + 1);
    this.#childLength = 0;
    return arrowData(this.#type, { ...validity, offsets, children: [this.#child.finish()] });
  }

  #extendOffsets(length: number): Int32Array {
    if (this.#offsets.length === 0) this.#offsets.extend(4);
    const { bytes, start } = this.#offsets.extend(length * 4);
    return new Int32Array(bytes.buffer, start, length);
  }
}

/** Lists of one length, laid out back to back. */
export class FixedListBuilder implements ColumnBuilder {
  readonly #validity = new ValidityBuilder();

  readonly #type: ArrowType;
  readonly #size: number;
  readonly #child: ColumnBuilder;

  constructor(type: ArrowType, size: number, child: ColumnBuilder) {
    this.#type = type;
    this.#size = size;
    this.#child = child;
  }

  get bytes(): number {
    return this.#child.bytes;
  }

  load(vector: Vector, count: number): void {
    this.#validity.load(vector, count);
    this.#child.load(bindings.array_vector_get_child(vector), count * this.#size);
  }

  take(start: number, length: number): void {
    this.#validity.runs(start, length, {
      valid: (from, count) => this.#child.take(from * this.#size, count * this.#size),
      missing: (count) => this.#child.takeNulls(count * this.#size),
    });
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    this.#child.takeNulls(length * this.#size);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    return arrowData(this.#type, { ...validity, children: [this.#child.finish()] });
  }
}

export class StructBuilder implements ColumnBuilder {
  readonly #validity = new ValidityBuilder();

  readonly #type: ArrowType;
  readonly #fields: readonly ColumnBuilder[];

  constructor(type: ArrowType, fields: readonly ColumnBuilder[]) {
    this.#type = type;
    this.#fields = fields;
  }

  get bytes(): number {
    return this.#fields.reduce((sum, field) => sum + field.bytes, 0);
  }

  load(vector: Vector, count: number): void {
    this.#validity.load(vector, count);
    for (const [index, field] of this.#fields.entries()) {
      field.load(bindings.struct_vector_get_child(vector, index), count);
    }
  }

  take(start: number, length: number): void {
    this.#validity.runs(start, length, {
      valid: (from, count) => this.#fields.forEach((field) => field.take(from, count)),
      missing: (count) => this.#fields.forEach((field) => field.takeNulls(count)),
    });
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    for (const field of this.#fields) field.takeNulls(length);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    return arrowData(this.#type, { ...validity, children: this.#fields.map((field) => field.finish()) });
  }
}
