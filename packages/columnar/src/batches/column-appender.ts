import { TributaryError } from '@tributary/contract';
import { type Data, DataType } from 'apache-arrow';
import type { ColumnType, ScalarType } from '../column-type.js';
import type { ParquetColumnData } from '../sink.js';
import { GrowingBits, GrowingBytes } from './growing-buffers.js';
import { appendValues, type Leaves } from './values.js';

/** Collects one column of record batches in Parquet's layout. */
export class ColumnAppender {
  readonly #type: ColumnType;
  readonly #leaves: Leaves = {
    bits: new GrowingBits(),
    first: new GrowingBytes(),
    second: new GrowingBytes(),
    third: new GrowingBytes(),
  };
  /** Validity, or repetition levels. */
  readonly #bits = new GrowingBits();
  readonly #definition = new GrowingBits();
  #entries = 0;
  #nullCount = 0;

  constructor(type: ColumnType) {
    this.#type = type;
  }

  get bytes(): number {
    const { bits, first, second, third } = this.#leaves;
    return bits.view().length + first.length + second.length + third.length;
  }

  append(data: Data): void {
    if (this.#type.id === 'list') this.#appendLists(data);
    else this.#appendFlat(data);
  }

  view(): ParquetColumnData {
    const { bits, first, second, third } = this.#leaves;
    const scalar = this.#type.id === 'list' ? this.#type.element : this.#type;
    const validity = this.#bits.view();
    return {
      entries: this.#entries,
      nullCount: this.#nullCount,
      levels:
        this.#type.id === 'list'
          ? { kind: 'list', repetition: validity, definition: this.#definition.view() }
          : { kind: 'flat', validity },
      leaves:
        scalar.id === 'boolean'
          ? [bits.view()]
          : scalar.id === 'interval'
            ? [first.view(), second.view(), third.view()]
            : [first.view()],
    };
  }

  clear(): void {
    const { bits, first, second, third } = this.#leaves;
    for (const buffer of [bits, first, second, third, this.#bits, this.#definition]) buffer.clear();
    this.#entries = 0;
    this.#nullCount = 0;
  }

  #appendFlat(data: Data): void {
    const isValid = validityOf(data);
    const rows = new Int32Array(data.length);
    let count = 0;
    for (let row = 0; row < data.length; row++) {
      const valid = isValid(row);
      this.#bits.push(valid ? 1 : 0);
      if (valid) rows[count++] = row;
    }
    this.#entries += data.length;
    this.#nullCount += data.length - count;
    this.#appendScalars(data, rows.subarray(0, count));
  }

  /** Definition levels: 0 no list, 1 an empty one, 2 no element, 3 an element. */
  #appendLists(data: Data): void {
    const [child] = data.children;
    if (!child) return;
    const isValid = validityOf(data);
    const isElementValid = validityOf(child);
    const offsets = data.valueOffsets as Int32Array;
    const elements: number[] = [];
    for (let row = 0; row < data.length; row++) {
      const start = offsets[row] ?? 0;
      const end = offsets[row + 1] ?? 0;
      if (!isValid(row)) this.#pushLevels(0, 0);
      else if (start === end) this.#pushLevels(0, 1);
      else {
        for (let element = start; element < end; element++) {
          const valid = isElementValid(element);
          this.#pushLevels(element === start ? 0 : 1, valid ? 3 : 2);
          if (valid) elements.push(element);
        }
      }
    }
    this.#appendScalars(child, Int32Array.from(elements));
  }

  #pushLevels(repetition: number, definition: number): void {
    this.#bits.push(repetition);
    this.#definition.push(definition & 1);
    this.#definition.push(definition >>> 1);
    this.#entries++;
  }

  #appendScalars(data: Data, positions: Int32Array): void {
    const type = this.#type.id === 'list' ? this.#type.element : this.#type;
    if (!DataType.isDictionary(data.type)) {
      appendValues(data, positions, type, this.#leaves);
      return;
    }
    const indices = data.values as Int32Array;
    const keys = positions.map((position) => Number(indices[position]));
    const chunks = data.dictionary?.data ?? [];
    const [only] = chunks;
    if (chunks.length === 1 && only) appendValues(only, keys, type, this.#leaves);
    else for (const key of keys) this.#appendKey(chunks, key, type);
  }

  /** Of a dictionary that came in several messages. */
  #appendKey(chunks: readonly Data[], key: number, type: ScalarType): void {
    const { chunk, index } = locate(chunks, key);
    appendValues(chunk, Int32Array.of(index), type, this.#leaves);
  }
}

/** Whether an entry is there: also not where a dictionary's value is NULL. */
function validityOf(data: Data): (row: number) => boolean {
  if (DataType.isNull(data.type)) return () => false;
  const { nullBitmap, offset } = data;
  const isValid = (row: number): boolean => {
    const at = offset + row;
    return (((nullBitmap[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1;
  };
  const isThere = data.nullCount === 0 ? () => true : isValid;
  const chunks = data.dictionary?.data ?? [];
  if (chunks.every((chunk) => chunk.nullCount === 0)) return isThere;
  const indices = data.values as Int32Array;
  return (row) => {
    if (!isThere(row)) return false;
    const { chunk, index } = locate(chunks, Number(indices[row]));
    return chunk.getValid(index);
  };
}

function locate(chunks: readonly Data[], key: number): { readonly chunk: Data; readonly index: number } {
  let index = key;
  for (const chunk of chunks) {
    if (index < chunk.length) return { chunk, index };
    index -= chunk.length;
  }
  throw new TributaryError('SOURCE.CORRUPT_DATA', { message: `A dictionary has no entry ${key}.` });
}
