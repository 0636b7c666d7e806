/** Payload length (three bytes) and sequence number, before every packet ("MySQL Packets"). */
export const packetHeader = 4;
/** A packet whose payload is this long is continued by the next one. */
export const fullPayload = 0xffffff;

export function payloadLength(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

/** Cuts what precedes the rows into packets; all of them are small. */
export class PacketSplitter {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
  }

  /** The next packet, with its header, if it has arrived whole. */
  next(): Uint8Array | undefined {
    const end = packetHeader + payloadLength(this.#pending, 0);
    if (this.#pending.length < packetHeader || this.#pending.length < end) return undefined;
    const packet = this.#pending.subarray(0, end);
    this.#pending = this.#pending.subarray(end);
    return packet;
  }

  /** What has not been taken. */
  rest(): Uint8Array {
    const rest = this.#pending;
    this.#pending = Buffer.alloc(0);
    return rest;
  }
}
