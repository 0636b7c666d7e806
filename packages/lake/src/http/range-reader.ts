import { Readable } from 'node:stream';
import type { RangeCall } from '../store/object-store.js';
import { GetConnections } from './get-connections.js';

/** A request for a range, signed and all. */
export interface RangeRequest extends Pick<RangeCall, 'signal' | 'onBytes'> {
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As long as the range. */
  readonly room: Uint8Array;
}

/** An answer with all of its body: in the room where it is as long as that and no error. */
export interface RangeAnswer {
  readonly statusCode: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Of an answer that is not the range, as those of errors are. */
const mostOtherBytes = 64 * 1024;

/** Bytes as a body that is still to be read. */
export function streamOf(bytes: Uint8Array): Readable {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Readable.from(buffer, { objectMode: false });
}

/** Reads ranges of one server's objects over connections of its own. */
export class RangeReader {
  readonly origin: string;
  readonly #connections: GetConnections;
  /** Whether the server says how long its ranges are, so that they need not be asked for twice. */
  #hasLengths = true;

  /** @param origin `https://host:port`, `http://host:port` */
  constructor(origin: string) {
    this.origin = origin;
    this.#connections = new GetConnections(new URL(origin));
  }

  /**
   * @returns undefined where the answer is too long or does not say how long it is: another client is to be asked
   * @throws the signal's reason, or an error of the network
   */
  async read({ room, ...request }: RangeRequest): Promise<RangeAnswer | undefined> {
    if (!this.#hasLengths) return undefined;
    const { head, body } = await this.#connections.get({
      ...request,
      roomFor: ({ status, bodyBytes = Number.POSITIVE_INFINITY }) => {
        if (status < 300 && bodyBytes === room.length) return room;
        return bodyBytes <= mostOtherBytes ? new Uint8Array(bodyBytes) : undefined;
      },
    });
    if (body === undefined) this.#hasLengths = head.bodyBytes !== undefined || head.status >= 300;
    return body && { statusCode: head.status, headers: head.headers, bytes: body };
  }

  /** Idempotent. */
  close(): void {
    this.#connections.close();
  }
}
