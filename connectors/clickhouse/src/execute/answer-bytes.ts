import { parseError } from '@clickhouse/client';

/** The longest message that the server writes behind an answer, with its frame (ClickHouse's MAX_EXCEPTION_SIZE is 16 KiB). */
const tailBytes = 20_000;

/**
 * The bytes of an answer, the last ones held back until the end has shown what they are. A server that fails after it has begun to
 * answer with 200 writes its error behind what it has sent (see `extractErrorAtTheEndOfChunk` of @clickhouse/client for
 * the frame); so does one that is told to stop.
 *
 * @throws the server's error; whatever broke the connection otherwise
 */
export async function* answerBytes(
  stream: AsyncIterable<Uint8Array>,
  tag: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      held.push(chunk);
      size += chunk.length;
      while (size - (held[0]?.length ?? 0) >= tailBytes) {
        const first = held.shift();
        if (first === undefined) break;
        size -= first.length;
        yield first;
      }
    }
  } catch (error) {
    throw serverError(Buffer.concat(held), tag) ?? error;
  }
  const tail = Buffer.concat(held);
  held = [];
  const error = serverError(tail, tag);
  if (error !== undefined) throw error;
  if (tail.length > 0) yield tail;
}

function serverError(tail: Buffer, tag: string | undefined): Error | undefined {
  const begin = tag === undefined ? -1 : tail.lastIndexOf(`__exception__\r\n${tag}\r\n`);
  const text =
    begin >= 0 ? tail.subarray(begin + `__exception__\r\n${tag}\r\n`.length).toString() : untagged(tail);
  if (text === undefined) return undefined;
  // Behind the message come its length, the tag and the marker once more.
  return parseError(text.replace(/\n\d+ \S+\r\n__exception__\r\n$/, ''));
}

/** Before 25.11 nothing marked the message. */
function untagged(tail: Buffer): string | undefined {
  const text = tail.toString('latin1');
  return /Code: \d+\. DB::Exception: [^\0]*\(version [^)]*\)\s*$/.exec(text)?.[0];
}
