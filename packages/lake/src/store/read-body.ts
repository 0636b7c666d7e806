import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/**
 * Copies the bytes of an answer's body, a stream without an encoding, as they come.
 *
 * @param onBytes called for every piece
 * @returns how many came, or, of too many, that it is more than there is room for
 */
export async function readBody(bytes: Buffer, body: Readable, onBytes?: () => void): Promise<number> {
  let filled = 0;
  body.on('data', (piece: Buffer) => {
    piece.copy(bytes, filled);
    filled += piece.length;
    onBytes?.();
    if (filled > bytes.length) body.destroy();
  });
  await finished(body).catch((error: unknown) => {
    if (filled <= bytes.length) throw error;
  });
  return filled;
}
