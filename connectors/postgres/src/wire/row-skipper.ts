/** DataRow (PostgreSQL documentation, 54.7). */
const rowType = 0x44;
/** After these no rows come: CommandComplete, ErrorResponse. */
const lastTypes: ReadonlySet<number> = new Set([0x43, 0x45]);
const headerLength = 5;

/** Drops rows that nobody wants any more, and keeps everything else for pg's parser. */
export class RowSkipper {
  readonly #onMessage: (message: Uint8Array) => void;
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes of a row that are still to come. */
  #toDrop = 0;

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  /** Takes bytes from a message's beginning on; returns what pg's parser must see from here, once the rows have ended. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const dropped = Math.min(this.#toDrop, chunk.length);
    this.#toDrop -= dropped;
    this.#pending = Buffer.concat([this.#pending, chunk.subarray(dropped)]);
    let at = 0;
    while (this.#pending.length - at >= headerLength) {
      const type = this.#pending[at] ?? 0;
      const end = at + 1 + this.#pending.readInt32BE(at + 1);
      if (lastTypes.has(type)) return this.#pending.subarray(at);
      if (type === rowType) {
        this.#toDrop = Math.max(0, end - this.#pending.length);
      } else {
        if (end > this.#pending.length) break;
        this.#onMessage(this.#pending.subarray(at, end));
      }
      at = Math.min(end, this.#pending.length);
    }
    this.#pending = this.#pending.subarray(at);
    return undefined;
  }
}
