/** So that ranges of nearly one size, as row groups of a column have, find one buffer large enough. */
const stepBytes = 512 * 1024;

/**
 * Buffers that are used again by the next request of a scan: new ones for all that is fetched would be megabytes for each
 * that V8 collects, and each time it looks through all of its heap.
 */
export class ReadBuffers {
  readonly #spare: Uint8Array[] = [];

  /** One of at least so many bytes, with anything in it. */
  take(bytes: number): Uint8Array {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.length >= bytes) return spare;
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / stepBytes) * stepBytes);
  }

  /** Takes one back that nobody writes to or reads from any more. */
  give(buffer: Uint8Array): void {
    this.#spare.push(buffer);
  }
}
