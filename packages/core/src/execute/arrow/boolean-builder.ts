import bindings, { type Vector } from '@duckdb/node-bindings';
import { Bool, type Data } from 'apache-arrow';
import { arrowData } from './arrow-data.js';
import type { ColumnBuilder } from './column-builder.js';
import { GrowingBuffer } from './growing-buffer.js';
import { ValidityBuilder } from './validity.js';

/** DuckDB keeps a byte a boolean, Arrow a bit. */
export class BooleanBuilder implements ColumnBuilder {
  readonly #flags = new GrowingBuffer();
  readonly #validity = new ValidityBuilder();
  #source: Uint8Array = new Uint8Array(0);

  get bytes(): number {
    return this.#flags.length;
  }

  load(vector: Vector, count: number): void {
    this.#source = bindings.vector_get_data(vector, count * bindings.sizeof_bool);
    this.#validity.load(vector, count);
  }

  take(start: number, length: number): void {
    this.#flags.append(this.#source.subarray(start, start + length));
    this.#validity.take(start, length);
  }

  takeNulls(length: number): void {
    this.#flags.extend(length);
    this.#validity.takeNulls(length);
  }

  finish(): Data {
    const validity = this.#validity.finish();
    const flags = new Uint8Array(this.#flags.take().buffer);
    const bits = new Uint8Array(Math.ceil(validity.length / 64) * 8);
    for (let i = 0; i < validity.length; i++) {
      if (flags[i] === 1) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    }
    return arrowData(new Bool(), { ...validity, values: bits });
  }
}
