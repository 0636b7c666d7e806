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

/** Why an answer is none to a request for so many bytes. */
export function otherLength(announced: number, wanted: number): string {
  return `the store announces ${announced} bytes where ${wanted} were asked for`;
}

/** Bytes from `start` up to, not including, `end`; up to the object's end where that is absent. */
export interface AskedPart {
  readonly start: number;
  readonly end?: number;
}

/** The header `Range` (RFC 9110, 14.2); undefined for all of an object. */
export function rangeHeader({ start, end }: AskedPart): string | undefined {
  if (end !== undefined) return `bytes=${start}-${end - 1}`;
  return start === 0 ? undefined : `bytes=${start}-`;
}

/** Which bytes of an object an answer says it brings. */
export interface AnsweredPart {
  readonly status: number;
  readonly contentRange: string | undefined;
}

/**
 * Why an answer is none to a request for the bytes from `start` on: servers, and proxies before them, may leave a range unheard and send
 * the whole object (RFC 9110, 14.2). Undefined where it is one.
 */
export function misplaced(start: number, { status, contentRange }: AnsweredPart): string | undefined {
  const isWhole = status !== 206;
  const isRight = isWhole ? start === 0 : (contentRange?.startsWith(`bytes ${start}-`) ?? start === 0);
  if (isRight) return undefined;
  const sent = isWhole ? 'the whole object' : (contentRange ?? 'bytes of no place');
  return `the store sends ${sent} where bytes from ${start} on were asked for`;
}

/** The room that a call has for the bytes of its range, or a new one. */
export function roomFor(length: number, { into }: Pick<RangeCall, 'into'>): Buffer {
  return into === undefined
    ? Buffer.allocUnsafeSlow(length)
    : Buffer.from(into.buffer, into.byteOffset, length);
}
