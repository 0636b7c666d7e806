import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with an answer. */
export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly body?: string }
  /** The connection ends after half of the body. */
  | { readonly kind: 'reset' }
  /** Half of the body comes, then nothing. */
  | { readonly kind: 'stall' }
  /** The body comes in ten pieces, each so many milliseconds after the one before it. */
  | { readonly kind: 'trickle'; readonly everyMs: number }
  /** The header announces so many bytes more (or fewer) than there are. */
  | { readonly kind: 'lie'; readonly by: number }
  /** The range that was asked for is left unheard: the answer is the whole object. */
  | { readonly kind: 'whole'; readonly object: Buffer }
  /** The header says that the body begins so many bytes further on. */
  | { readonly kind: 'elsewhere'; readonly by: number }
  /** The server gets another URL, as if it did not know what is missing in it. */
  | { readonly kind: 'rewrite'; readonly url: string };

/** Passes a server's answer on, with what goes wrong with it. */
export function sendAnswer(
  outgoing: ServerResponse,
  { statusCode = 502, headers }: IncomingMessage,
  body: Buffer,
  fault: Fault | undefined,
): void {
  if (fault?.kind === 'whole') {
    const { 'content-range': _range, 'transfer-encoding': _encoding, ...rest } = headers;
    outgoing.writeHead(200, { ...rest, 'content-length': fault.object.length }).end(fault.object);
    return;
  }
  const lie = fault?.kind === 'lie' ? fault.by : 0;
  const announced = Number(headers['content-length'] ?? body.length) + lie;
  const { 'transfer-encoding': _, ...others } = headers;
  const range = fault?.kind === 'elsewhere' ? moved(headers['content-range'], fault.by) : {};
  outgoing.writeHead(statusCode, { ...others, ...range, 'content-length': announced });
  const half = body.subarray(0, body.length / 2);
  switch (fault?.kind) {
    case 'reset':
      outgoing.write(half, () => outgoing.destroy());
      return;
    case 'stall':
      outgoing.write(half);
      return;
    case 'trickle':
      void trickle(outgoing, body, fault.everyMs);
      return;
    case 'lie':
      // Node itself refuses to send more than it has announced.
      if (lie < 0) outgoing.end(body.subarray(0, body.length + lie));
      else outgoing.write(body, () => outgoing.destroy());
      return;
    case 'error':
    case 'elsewhere':
    case 'rewrite':
    case undefined:
      outgoing.end(body);
  }
}

function moved(range: string | undefined, by: number): OutgoingHttpHeaders {
  if (range === undefined) return {};
  return { 'content-range': range.replaceAll(/\d+(?=[-/])/g, (place) => String(Number(place) + by)) };
}

async function trickle(outgoing: ServerResponse, body: Buffer, everyMs: number): Promise<void> {
  const size = Math.ceil(body.length / 10);
  for (let at = 0; at < body.length; at += size) {
    await sleep(everyMs);
    outgoing.write(body.subarray(at, at + size));
  }
  outgoing.end();
}
