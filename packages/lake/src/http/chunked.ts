import { malformed } from './response-head.js';

/**
 * A body in chunks, put together (RFC 9112, 7.1).
 *
 * @returns undefined while its end has not come
 * @throws Error for what is no such body
 */
export function dechunked(received: Buffer): Uint8Array | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const [, hex] = /^([\da-f]{1,8})[ \t]*(?:;|$)/i.exec(received.toString('latin1', at, lineEnd)) ?? [];
    if (hex === undefined) throw malformed('one of its chunks has no size');
    const size = Number.parseInt(hex, 16);
    const start = lineEnd + 2;
    // The line's own end is the first half of the trailers' where there are none.
    if (size === 0) return received.includes('\r\n\r\n', lineEnd) ? Buffer.concat(chunks) : undefined;
    at = start + size + 2;
    if (received.length < at) return undefined;
    chunks.push(received.subarray(start, start + size));
  }
}
