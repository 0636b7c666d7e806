import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RangeCall } from './object-store.js';

/**
 * The bytes of a range, out of an answer's body, which is a stream without an encoding.
 *
 * @returns fewer where the body has no more, and undefined where it has more than were asked for
 */
export async function readBody(
  body: Readable,
  { length, call }: { readonly length: number; readonly call: Pick<RangeCall, 'into' | 'onBytes'> },
): Promise<Uint8Array | undefined> {
  const bytes = roomFor(length, call);
  let filled = 0;
  body.on('data', (piece: Buffer) => {
    piece.copy(bytes, filled);
    filled += piece.length;
    call.onBytes?.();
    if (filled > length) body.destroy();
  });
  await finished(body).catch((error: unknown) => {
    if (filled <= length) throw error;
  });
  return filled > length ? undefined : bytes.subarray(0, filled);
}

/** The room that a call has for the bytes of its range, or a new one. */
export function roomFor(length: number, { into }: Pick<RangeCall, 'into'>): Buffer {
  return into === undefined
    ? Buffer.allocUnsafeSlow(length)
    : Buffer.from(into.buffer, into.byteOffset, length);
}
