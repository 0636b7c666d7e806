import { type ArrowColumnData, type ColumnType, GrowingBits, GrowingBytes } from '@tributary/columnar';
import type { Value } from '../answer.js';
import { type Encoder, encoderOf } from './encoders.js';

const none = new Uint8Array();

/** Collects JavaScript values of one type as an Arrow column. */
export class ColumnBuilder {
  readonly #encoder: Encoder | undefined;
  /** Of a list: its elements. */
  readonly #child: ColumnBuilder | undefined;
  readonly #validity = new GrowingBits();
  readonly #bits = new GrowingBits();
  readonly #values = new GrowingBytes();
  readonly #offsets = new GrowingBytes();
  #length = 0;
  #nullCount = 0;

  constructor(type: ColumnType) {
    if (type.id === 'list') this.#child = new ColumnBuilder(type.element);
    else this.#encoder = encoderOf(type);
    if (this.#hasOffsets) this.#pushOffset(0);
  }

  get bytes(): number {
    return this.#values.length + this.#offsets.length + (this.#child?.bytes ?? 0);
  }

  /** False where the value is none of the column's type; the builder is of no use then. */
  append(value: Value): boolean {
    const isThere = value !== null && value !== undefined;
    this.#length += 1;
    this.#validity.push(isThere ? 1 : 0);
    if (!isThere) this.#nullCount += 1;
    return isThere ? this.#appendValue(value) : this.#appendNull();
  }

  /** Views that hold until the next `append` or `clear`. */
  view(): ArrowColumnData {
    const values = this.#encoder?.layout === 'bits' ? this.#bits.view() : this.#values.view();
    return {
      length: this.#length,
      nullCount: this.#nullCount,
      validity: this.#validity.view(),
      values,
      offsets: this.#hasOffsets ? this.#offsets.view() : none,
      ...(this.#child !== undefined && { child: this.#child.view() }),
    };
  }

  clear(): void {
    for (const buffer of [this.#validity, this.#bits, this.#values, this.#offsets]) buffer.clear();
    this.#child?.clear();
    this.#length = 0;
    this.#nullCount = 0;
    if (this.#hasOffsets) this.#pushOffset(0);
  }

  get #hasOffsets(): boolean {
    return this.#encoder === undefined || this.#encoder.layout === 'bytes';
  }

  #appendValue(value: Value): boolean {
    const encoder = this.#encoder;
    if (encoder === undefined) return this.#appendList(value);
    switch (encoder.layout) {
      case 'bits': {
        const bit = encoder.bit(value);
        this.#bits.push(bit === true ? 1 : 0);
        return bit !== undefined;
      }
      case 'fixed': {
        const start = this.#values.extend(encoder.width);
        return encoder.write(new DataView(this.#values.bytes.buffer, start, encoder.width), value);
      }
      case 'bytes': {
        const bytes = encoder.bytes(value);
        if (bytes === undefined) return false;
        const start = this.#values.extend(bytes.length);
        this.#values.bytes.set(bytes, start);
        this.#pushOffset(this.#values.length);
        return true;
      }
    }
  }

  #appendNull(): boolean {
    const encoder = this.#encoder;
    if (encoder?.layout === 'bits') this.#bits.push(0);
    else if (encoder?.layout === 'fixed') {
      const start = this.#values.extend(encoder.width);
      this.#values.bytes.fill(0, start, start + encoder.width);
    } else this.#pushOffset(this.#child?.length ?? this.#values.length);
    return true;
  }

  #appendList(value: Value): boolean {
    if (!Array.isArray(value) || this.#child === undefined) return false;
    for (const element of value) {
      if (!this.#child.append(element)) return false;
    }
    this.#pushOffset(this.#child.length);
    return true;
  }

  get length(): number {
    return this.#length;
  }

  #pushOffset(offset: number): void {
    const start = this.#offsets.extend(4);
    new DataView(this.#offsets.bytes.buffer).setInt32(start, offset, true);
  }
}
