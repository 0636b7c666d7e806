/** Bytes that grow by doubling. */
export class GrowingBuffer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 0) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Room for `count` more bytes, zeroed at first use: the whole store, and where the room starts. */
  extend(count: number): { readonly bytes: Uint8Array<ArrayBuffer>; readonly start: number } {
    const start = this.#length;
    const needed = start + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2, 1024));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
    }
    this.#length = needed;
    return { bytes: this.#bytes, start };
  }

  append(source: Uint8Array): void {
    const { bytes, start } = this.extend(source.length);
    bytes.set(source, start);
  }

  /** Hands over what was collected, padded to a multiple of 8 bytes of the store, and starts anew. */
  take(): { readonly buffer: ArrayBuffer; readonly length: number } {
    const taken = { buffer: this.#bytes.buffer, length: this.#length };
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return taken;
  }
}
