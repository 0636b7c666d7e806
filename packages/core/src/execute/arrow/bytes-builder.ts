import bindings, { type Vector } from '@duckdb/node-bindings';
import type { Binary, Data, Utf8 } from 'apache-arrow';
import { arrowData } from './arrow-data.js';
import type { ColumnBuilder } from './column-builder.js';
import { GrowingBuffer } from './growing-buffer.js';
import { ValidityBuilder } from './validity.js';

/** Size of DuckDB's string_t: a length, then up to 12 bytes in place, or 4 bytes of prefix and a pointer. */
const entrySize = 16;
const maxInlined = 12;

/**
 * A gap shorter than a page never spans an unmapped one: both of its ends lie in memory that DuckDB owns. So nearby
 * strings are reached through one window of memory instead of one native call each.
 */
const maxGap = 4096;

/** Text and binary values. They never become JavaScript strings. */
export class BytesBuilder implements ColumnBuilder {
  readonly #data = new GrowingBuffer();
  readonly #offsets = new GrowingBuffer();
  readonly #validity = new ValidityBuilder();
  #entries = new DataView(new ArrayBuffer(0));
  #entryBytes = new Uint8Array(0);

  readonly #type: Utf8 | Binary;

  constructor(type: Utf8 | Binary) {
    this.#type = type;
  }

  get bytes(): number {
    return this.#data.length + this.#offsets.length;
  }

  load(vector: Vector, count: number): void {
    this.#entryBytes = new Uint8Array(bindings.vector_get_data(vector, count * entrySize));
    this.#entries = new DataView(this.#entryBytes.buffer);
    this.#validity.load(vector, count);
  }

  take(start: number, length: number): void {
    const offsets = this.#extendOffsets(length);
    const end = start + length;
    for (let index = start; index < end;) {
      if (this.#isInPlace(index)) {
        this.#takeInPlace(index);
        offsets[index - start] = this.#data.length;
        index++;
      } else {
        index = this.#takeWindow(index, end, offsets, start);
      }
    }
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    this.#extendOffsets(length).fill(this.#data.length);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    if (this.#offsets.length === 0) this.#extendOffsets(0);
    const offsets = new Int32Array(this.#offsets.take().buffer, 0, validity.length + 1);
    const { buffer, length: bytes } = this.#data.take();
    return arrowData(this.#type, { ...validity, offsets, values: new Uint8Array(buffer, 0, bytes) });
  }

  /** The next `length` end offsets; the leading zero is written with the first of them. */
  #extendOffsets(length: number): Int32Array {
    if (this.#offsets.length === 0) this.#offsets.extend(4);
    const { bytes, start } = this.#offsets.extend(length * 4);
    return new Int32Array(bytes.buffer, start, length);
  }

  /** NULLs count as empty: their entries hold no valid pointer. */
  #lengthOf(index: number): number {
    return this.#validity.isValid(index) ? this.#entries.getUint32(index * entrySize, true) : 0;
  }

  #isInPlace(index: number): boolean {
    return this.#lengthOf(index) <= maxInlined;
  }

  #takeInPlace(index: number): void {
    const length = this.#lengthOf(index);
    const { bytes, start } = this.#data.extend(length);
    const from = index * entrySize + 4;
    for (let i = 0; i < length; i++) bytes[start + i] = this.#entryBytes[from + i] ?? 0;
  }

  /** An address fits a double exactly: user space has 47 bits. */
  #addressOf(index: number): number {
    const at = index * entrySize + 8;
    return this.#entries.getUint32(at, true) + this.#entries.getUint32(at + 4, true) * 2 ** 32;
  }

  /** Copies the run of values from `first` whose bytes lie close together; returns the index after it. */
  #takeWindow(first: number, end: number, offsets: Int32Array, start: number): number {
    const base = this.#addressOf(first);
    let limit = base + this.#lengthOf(first);
    let last = first + 1;
    for (; last < end; last++) {
      if (this.#isInPlace(last)) continue;
      const address = this.#addressOf(last);
      if (address < base || address - limit >= maxGap) break;
      limit = Math.max(limit, address + this.#lengthOf(last));
    }
    const window = bindings.get_data_from_pointer(
      this.#entryBytes.buffer,
      first * entrySize + 8,
      limit - base,
    );
    for (let index = first; index < last; index++) {
      if (this.#isInPlace(index)) {
        this.#takeInPlace(index);
      } else {
        const from = this.#addressOf(index) - base;
        this.#data.append(window.subarray(from, from + this.#lengthOf(index)));
      }
      offsets[index - start] = this.#data.length;
    }
    return last;
  }
}
