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
  /** Of buffers that change as they grow. */
  #view = new DataView(new ArrayBuffer(0));
  #offsetView = new DataView(new ArrayBuffer(0));
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
        const { buffer } = this.#values.bytes;
        if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
        return encoder.write(this.#view, start, value);
      }
      case 'bytes': {
        if (!encoder.append(this.#values, value)) return false;
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
    const { buffer } = this.#offsets.bytes;
    if (this.#offsetView.buffer !== buffer) this.#offsetView = new DataView(buffer);
    this.#offsetView.setInt32(start, offset, true);
  }
}
