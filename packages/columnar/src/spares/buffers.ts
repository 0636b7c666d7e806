import { Spares } from './spares.js';

const maxBytes = 32 * 1024 * 1024;
/** So that buffers of nearly one size, as row groups need, serve for one another. */
const stepBytes = 512 * 1024;

/** Smaller ones are not worth keeping. */
const leastBytes = 64 * 1024;

const spares = new Spares<Buffer>((buffer) => buffer.length, maxBytes);

/** A buffer of at least so many bytes, and not of many more, with anything in it. */
export function takeBuffer(bytes: number): Buffer {
  if (bytes < leastBytes) return Buffer.allocUnsafeSlow(bytes);
  const least = Math.ceil(bytes / stepBytes) * stepBytes;
  const spare = spares.take(({ length }) => length >= least && length <= 4 * least);
  return spare ?? Buffer.allocUnsafeSlow(least);
}

/** Takes a buffer back that nobody writes to or reads from any more. */
export function giveBuffer(buffer: Buffer): void {
  if (buffer.length >= leastBytes) spares.give(buffer);
}
