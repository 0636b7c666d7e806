import bindings, { type Vector } from '@duckdb/node-bindings';

/** Collects which values are there. DuckDB and Arrow use the same bitmap: one bit a value, lowest first, 1 is valid. */
export class ValidityBuilder {
  #loaded: Uint8Array | undefined;
  #bits = new Uint8Array(0);
  #length = 0;
  #nullCount = 0;

  load(vector: Vector, count: number): void {
    // Null for a vector without NULLs, whatever the declaration says.
    const words: Uint8Array | null = bindings.vector_get_validity(vector, Math.ceil(count / 64) * 8);
    this.#loaded = words ?? undefined;
  }

  /** Of a loaded value. */
  isValid(index: number): boolean {
    const mask = this.#loaded;
    return mask === undefined || ((mask[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  /**
   * The runs of loaded values that are there and that are missing, in order. What lies under a NULL is not initialised
   * in DuckDB's memory, so whoever interprets values reads only those that are there.
   */
  runs(
    start: number,
    length: number,
    to: { readonly valid: (from: number, count: number) => void; readonly missing: (count: number) => void },
  ): void {
    if (this.#loaded === undefined) {
      to.valid(start, length);
      return;
    }
    const end = start + length;
    for (let from = start; from < end;) {
      const present = this.isValid(from);
      let until = from + 1;
      while (until < end && this.isValid(until) === present) until++;
      if (present) to.valid(from, until - from);
      else to.missing(until - from);
      from = until;
    }
  }

  take(start: number, length: number): void {
    const first = this.#length;
    this.#length += length;
    if (this.#loaded === undefined) {
      if (this.#nullCount > 0) this.#fill(first, length);
      return;
    }
    for (let i = 0; i < length; i++) {
      if (this.isValid(start + i)) {
        if (this.#nullCount > 0) this.#set(first + i);
      } else {
        this.#startNulls(first + i);
        this.#nullCount++;
      }
    }
  }

  takeNulls(length: number): void {
    if (length === 0) return;
    this.#startNulls(this.#length);
    this.#nullCount += length;
    this.#length += length;
    this.#reserve(this.#length);
  }

  finish(): { readonly length: number; readonly nullCount: number; readonly bitmap: Uint8Array | undefined } {
    const { nullCount } = this;
    const length = this.#length;
    if (nullCount > 0) this.#reserve(length);
    const bitmap = nullCount > 0 ? this.#bits.subarray(0, Math.ceil(length / 64) * 8) : undefined;
    this.#bits = new Uint8Array(0);
    this.#length = 0;
    this.#nullCount = 0;
    return { length, nullCount, bitmap };
  }

  private get nullCount(): number {
    return this.#nullCount;
  }

  /** The bitmap is made at the first NULL: most columns never have one. */
  #startNulls(position: number): void {
    if (this.#nullCount > 0) return;
    this.#bits = new Uint8Array(0);
    this.#fill(0, position);
  }

  #fill(first: number, length: number): void {
    const end = first + length;
    this.#reserve(end);
    let position = first;
    while (position < end && (position & 7) !== 0) this.#set(position++);
    const lastWholeByte = end >> 3;
    this.#bits.fill(0xff, position >> 3, Math.max(position >> 3, lastWholeByte));
    position = Math.max(position, lastWholeByte << 3);
    while (position < end) this.#set(position++);
  }

  #set(position: number): void {
    this.#reserve(position + 1);
    const byte = position >> 3;
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (position & 7));
  }

  #reserve(values: number): void {
    const bytes = Math.ceil(values / 64) * 8;
    if (bytes <= this.#bits.length) return;
    const grown = new Uint8Array(Math.max(bytes, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
