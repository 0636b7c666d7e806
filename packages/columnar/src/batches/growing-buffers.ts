/** Bytes that grow at their end. */
export class GrowingBytes {
  bytes = new Uint8Array(1024);
  length = 0;

  /** Makes room, counts it as written, and returns where it starts. */
  extend(size: number): number {
    const start = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, start));
      this.bytes = larger;
    }
    return start;
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}

/** Bits that grow at their end, least significant first in each byte. */
export class GrowingBits {
  readonly #bytes = new GrowingBytes();
  #count = 0;

  push(bit: number): void {
    if ((this.#count & 7) === 0) this.#bytes.bytes[this.#bytes.extend(1)] = 0;
    const at = this.#count >>> 3;
    const { bytes } = this.#bytes;
    bytes[at] = (bytes[at] ?? 0) | (bit << (this.#count & 7));
    this.#count++;
  }

  view(): Uint8Array {
    return this.#bytes.view();
  }

  clear(): void {
    this.#bytes.clear();
    this.#count = 0;
  }
}
