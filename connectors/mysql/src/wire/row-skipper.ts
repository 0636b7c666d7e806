import { fullPayload, packetHeader, payloadLength } from './packets.js';

/** The first byte of a row in the binary protocol. EOF and errors begin with others. */
const rowType = 0;

/** Drops rows that nobody wants any more, and finds the packet that ends them. */
export class RowSkipper {
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes of a row that are still to come. */
  #toDrop = 0;
  /** The packet before was full: the next one is the rest of the same row, whatever it begins with. */
  #isContinued = false;

  /** Takes bytes from a packet's beginning on; returns what the driver must see from here, once the rows have ended. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const dropped = Math.min(this.#toDrop, chunk.length);
    this.#toDrop -= dropped;
    this.#pending = Buffer.concat([this.#pending, chunk.subarray(dropped)]);
    let at = 0;
    for (;;) {
      const left = this.#pending.length - at;
      if (left < packetHeader) break;
      const length = payloadLength(this.#pending, at);
      if (!this.#isContinued && length > 0) {
        if (left === packetHeader) break;
        if (this.#pending[at + packetHeader] !== rowType) return this.#pending.subarray(at);
      }
      this.#isContinued = length === fullPayload;
      const end = at + packetHeader + length;
      this.#toDrop = Math.max(0, end - this.#pending.length);
      at = Math.min(end, this.#pending.length);
    }
    this.#pending = this.#pending.subarray(at);
    return undefined;
  }
}
