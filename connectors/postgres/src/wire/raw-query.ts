import { CopySocket, type PgCopyDecoder } from '@tributary/columnar';
import type { TributaryError } from '@tributary/contract/errors';
import type { Duplex } from 'node:stream';
import type { Connection, FieldDef, Submittable } from 'pg';
import { RowSkipper } from './row-skipper.js';
import type { Statement } from './statement.js';

type DataListener = (chunk: Buffer) => void;

/**
 * One statement whose rows go from the socket straight to a decoder.
 *
 * node-postgres runs anything that has `submit` ("submittables": pg-cursor and pg-query-stream are such): when the client
 * is free it calls `submit(connection)` and then reports the server's messages to `handleError`,
 * `handleCommandComplete` and so on. What it does not offer is a way around its own parser, which makes a JavaScript object
 * of every row. So between sending the statement and the end of its rows the socket's `data` listeners (the parser's)
 * are put aside and the chunks go to the decoder; each message that is not a row is handed to the put-aside parser,
 * whole, so that the client's state stays right: it sees ParseComplete, errors, CommandComplete and ReadyForQuery as ever.
 *
 *   sent ──> decoding ──(CommandComplete, ErrorResponse)──> pg's parser again ──(ReadyForQuery)──> ended
 *               └──(stop: abort, a value that cannot be decoded, a full disk)──> skipping rows ──> pg's parser again
 */
export class RawQuery implements Submittable {
  readonly #statement: Statement;
  readonly #decoder: PgCopyDecoder;
  readonly #ended = Promise.withResolvers<void>();
  readonly #stopped = new AbortController();
  #stream: Duplex | undefined;
  #parser: readonly DataListener[] = [];
  #skipper: RowSkipper | undefined;
  #serverError: Error | undefined;
  #mismatch: TributaryError | undefined;
  #isBroken = false;

  constructor(statement: Statement, decoder: PgCopyDecoder) {
    this.#statement = statement;
    this.#decoder = decoder;
    decoder.onDriverMessage = (message) => this.#toParser(message);
  }

  /** Resolves when the server is ready for another statement, whatever became of this one, or the connection is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** What the server refused or broke off with, or pg's error about the connection. */
  get serverError(): Error | undefined {
    return this.#serverError;
  }

  /** The connection cannot be used again. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Fires when the rows are of no use any more: the statement should be cancelled on the server. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Drops the rows that are still to come; the statement goes on to its end as far as the protocol is concerned. */
  stop(reason: Error): void {
    if (this.stopped.aborted) return;
    this.#stopped.abort(reason);
    if (this.#stream === undefined || this.#decoder.rest !== undefined) return;
    this.#skip();
    this.#stream.resume();
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    this.#stream = stream;
    this.#parser = stream.listeners('data').filter(isDataListener);
    for (const listener of this.#parser) stream.off('data', listener);
    stream.on('data', this.#onData);
    stream.once('close', this.#onClose);
    if (stream instanceof CopySocket) stream.isLending = true;
    // Not `handleReadyForQuery`: after an error the client has forgotten its query by then.
    connection.once('readyForQuery', () => {
      this.#statement.settled(connection, this.#serverError !== undefined || this.#mismatch !== undefined);
      this.#onReady();
    });
    this.#statement.send(connection);
    if (this.stopped.aborted) this.#skip();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#skipper !== undefined) {
      this.#feed(this.#skipper, chunk);
      return;
    }
    try {
      const wait = this.#decoder.push(chunk);
      if (wait !== undefined) this.#pauseFor(wait);
    } catch (error) {
      this.stop(this.#mismatch ?? asError(error));
      return;
    }
    if (this.#mismatch !== undefined) this.stop(this.#mismatch);
    const { rest } = this.#decoder;
    if (rest !== undefined) this.#handBack(rest);
  };

  /** Back-pressure: TCP itself slows the server down while the sink is busy. */
  #pauseFor(wait: Promise<void>): void {
    this.#stream?.pause();
    wait.then(
      () => this.#stream?.resume(),
      (error: unknown) => {
        this.stop(asError(error));
        this.#stream?.resume();
      },
    );
  }

  #skip(): void {
    this.#skipper = new RowSkipper((message) => this.#toParser(message));
    this.#feed(this.#skipper, this.#decoder.abandon());
  }

  #feed(skipper: RowSkipper, chunk: Uint8Array): void {
    const rest = skipper.push(chunk);
    if (rest !== undefined) this.#handBack(rest);
  }

  #handBack(rest: Uint8Array): void {
    const stream = this.#stream;
    stream?.off('data', this.#onData);
    if (stream instanceof CopySocket) stream.isLending = false;
    for (const listener of this.#parser) stream?.on('data', listener);
    this.#toParser(rest);
  }

  #toParser(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const listener of this.#parser) listener(chunk);
  }

  readonly #onReady = (): void => {
    this.#stream?.off('close', this.#onClose);
    this.#ended.resolve();
  };

  readonly #onClose = (): void => {
    this.#isBroken = true;
    this.#serverError ??= new Error('Connection terminated unexpectedly');
    this.#ended.resolve();
  };

  /** Proves that the columns are what the decoder was made for, before a row is looked at. */
  handleRowDescription(message: { readonly fields: readonly FieldDef[] }): void {
    // Not thrown: that would go through pg's parser and leave it in the middle of the message.
    this.#mismatch = this.#statement.mismatch(message.fields.map((field) => field.dataTypeID));
  }

  handleError(error: Error): void {
    this.#serverError ??= error;
  }

  handleReadyForQuery(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleDataRow(): void {}
}

function isDataListener(listener: unknown): listener is DataListener {
  return typeof listener === 'function';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
