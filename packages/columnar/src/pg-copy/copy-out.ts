import type { Duplex } from 'node:stream';
import { abortError, TributaryError } from '@tributary/contract';
import { CopySocket } from './copy-socket.js';
import type { PgCopyDecoder } from './decoder.js';

/** The part of a node-postgres connection that a query of its own kind ("submittable") sees. */
interface PgConnection {
  readonly stream: Duplex;
  query(text: string): void;
}

/** The part of a node-postgres `Client` that is used here. */
export interface PgClient {
  query<T extends PgSubmittable>(query: T): T;
}

interface PgSubmittable {
  submit(connection: PgConnection): void;
}

type DataListener = (chunk: Uint8Array) => void;

/**
 * Runs `COPY (...) TO STDOUT (FORMAT binary)` on a node-postgres client and feeds the socket's chunks to the decoder. pg's own
 * parser, which makes an object of every row, sees nothing between CopyOutResponse and CopyDone.
 *
 * Resolves when the server has confirmed the command and the last batch is written. Rejects with pg's error where the server
 * refused, and with a TributaryError where decoding failed, the sink refused, or `signal` fired. In these last cases rows are
 * still in flight: cancel the statement and destroy the client.
 */
export async function copyOut(
  client: PgClient,
  text: string,
  decoder: PgCopyDecoder,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) throw abortError(signal);
  const query = new CopyOutQuery(text, decoder);
  const abort = (): void => {
    if (signal) query.stop(abortError(signal));
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    client.query(query);
    await query.done;
    await decoder.end();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

class CopyOutQuery implements PgSubmittable {
  readonly #text: string;
  readonly #decoder: PgCopyDecoder;
  readonly #settled = Promise.withResolvers<void>();
  #stream: Duplex | undefined;
  #driver: readonly DataListener[] = [];
  #error: Error | undefined;

  constructor(text: string, decoder: PgCopyDecoder) {
    this.#text = text;
    this.#decoder = decoder;
    decoder.onDriverMessage = (message) => this.#give(message);
  }

  get done(): Promise<void> {
    return this.#settled.promise;
  }

  submit(connection: PgConnection): void {
    const { stream } = connection;
    if (this.#error) {
      // Stopped while it waited in the client's queue: nothing has been sent, so an empty statement keeps the queue going.
      connection.query('');
      return;
    }
    this.#stream = stream;
    this.#driver = stream.listeners('data') as DataListener[];
    stream.removeAllListeners('data');
    stream.on('data', this.#onData);
    stream.once('close', this.#onClose);
    if (stream instanceof CopySocket) stream.isLending = true;
    connection.query(this.#text);
  }

  /** Ends the query from outside; the rest of the stream is dropped. */
  stop(error: Error): void {
    this.#error ??= error;
    this.#stream?.resume();
    this.#settled.reject(error);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#error) return;
    try {
      const wait = this.#decoder.push(chunk);
      if (wait) this.#pauseFor(wait);
    } catch (error) {
      this.stop(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const { rest } = this.#decoder;
    if (rest !== undefined) this.#detach(rest);
  };

  #pauseFor(wait: Promise<void>): void {
    this.#stream?.pause();
    wait.then(
      () => this.#stream?.resume(),
      (error: Error) => this.stop(error),
    );
  }

  readonly #onClose = (): void => {
    this.stop(new TributaryError('SOURCE.UNREACHABLE', { message: 'The connection broke during a COPY.' }));
  };

  #detach(rest: Uint8Array): void {
    const stream = this.#stream;
    if (!stream) return;
    stream.off('data', this.#onData);
    stream.off('close', this.#onClose);
    if (stream instanceof CopySocket) stream.isLending = false;
    for (const listener of this.#driver) stream.on('data', listener);
    this.#give(rest);
  }

  #give(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const listener of this.#driver) listener(chunk);
  }

  handleError(error: Error): void {
    this.#settled.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settled.resolve();
  }

  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
}
