import { CopySocket, type MysqlRowsDecoder, type MysqlWireColumn } from '@tributary/columnar';
import type { FieldPacket, Connection, PrepareStatementInfo } from 'mysql2';
import type { Duplex } from 'node:stream';
import { streamOf } from './connection-stream.js';
import { PacketSplitter, packetHeader } from './packets.js';
import { RowSkipper } from './row-skipper.js';

type DataListener = (chunk: Buffer) => void;

type Phase =
  /** Before the rows: every packet goes to mysql2, one by one, so that none of the rows does. */
  | { readonly kind: 'head'; readonly packets: PacketSplitter; readonly hasColumns: boolean }
  | { readonly kind: 'rows'; readonly decoder: MysqlRowsDecoder }
  | { readonly kind: 'skipping'; readonly skipper: RowSkipper }
  /** The socket is mysql2's. */
  | { readonly kind: 'lent-back' };

/**
 * One prepared statement whose rows go from the socket straight to a decoder.
 *
 * mysql2 prepares the statement, reads the column definitions, the end and the errors: everything but rows, of which it would make an object each. While rows are to come, the socket's `data` listeners (mysql2's parser) are put
 * aside, and the chunks go to the decoder.
 *
 *   prepared ──> head ──(EOF after the column definitions)──> rows ──(EOF, ERR)──> mysql2's parser again ──> ended
 *                  └──(ERR)──> mysql2's parser again            └──(stop)──> skipping ──(EOF, ERR)──┘
 */
export class RawExecution {
  readonly #connection: Connection;
  readonly #stream: Duplex;
  readonly #makeDecoder: (wire: readonly MysqlWireColumn[]) => MysqlRowsDecoder;
  readonly #ended = Promise.withResolvers<void>();
  readonly #stopped = new AbortController();
  #parser: readonly DataListener[] = [];
  #phase: Phase = { kind: 'lent-back' };
  #decoder: MysqlRowsDecoder | undefined;
  #serverError: Error | undefined;
  #isBroken = false;

  constructor(connection: Connection, makeDecoder: (wire: readonly MysqlWireColumn[]) => MysqlRowsDecoder) {
    this.#connection = connection;
    this.#stream = streamOf(connection);
    this.#makeDecoder = makeDecoder;
  }

  /** Resolves when the server is ready for another statement, whatever became of this one, or the connection is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** What the server refused or broke off with, or mysql2's error about the connection. */
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

  /** Once `ended` without an error: has all rows but the last batch's. */
  get decoder(): MysqlRowsDecoder | undefined {
    return this.#decoder;
  }

  /** Nothing else may be queued on the connection from here to `ended`. */
  start(sql: string): void {
    this.#stream.once('close', this.#onClose);
    this.#stream.once('finish', this.#onFinish);
    this.#connection.prepare(sql, (error, statement) => {
      if (error !== null) this.#settle(error);
      else if (this.stopped.aborted) this.#settle(undefined);
      else this.#execute(statement);
    });
  }

  /** Drops the rows that are still to come; the statement goes on to its end as far as the protocol is concerned. */
  stop(reason: Error): void {
    if (this.stopped.aborted) return;
    this.#stopped.abort(reason);
    if (this.#phase.kind === 'rows') this.#skip(this.#phase.decoder.abandon());
    this.#stream.resume();
  }

  /** Closes the connection: its statement does not end otherwise. */
  cut(): void {
    this.#connection.destroy();
    this.#onFinish();
  }

  #execute(statement: PrepareStatementInfo): void {
    const stream = this.#stream;
    this.#parser = stream.listeners('data').filter(isDataListener);
    for (const listener of this.#parser) stream.off('data', listener);
    stream.on('data', this.#onData);
    if (stream instanceof CopySocket) stream.isLending = true;
    this.#phase = { kind: 'head', packets: new PacketSplitter(), hasColumns: false };
    const command = statement.execute([], (error) => this.#onResult(error));
    command.on('fields', (fields: readonly FieldPacket[] | undefined) => this.#onFields(fields));
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#take(chunk);
    } catch (error) {
      this.stop(asError(error));
    }
  };

  #take(chunk: Uint8Array): void {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'head':
        phase.packets.push(chunk);
        this.#takeHead(phase.packets);
        return;
      case 'rows': {
        const wait = phase.decoder.push(chunk);
        if (wait !== undefined) this.#pauseFor(wait);
        if (phase.decoder.rest !== undefined) this.#giveBack(phase.decoder.rest);
        return;
      }
      case 'skipping': {
        const rest = phase.skipper.push(chunk);
        if (rest !== undefined) this.#giveBack(rest);
        return;
      }
      case 'lent-back':
        this.#toParser(chunk);
    }
  }

  #takeHead(packets: PacketSplitter): void {
    for (let packet = packets.next(); packet !== undefined; packet = packets.next()) {
      const isLast = this.#phase.kind === 'head' && this.#phase.hasColumns;
      this.#toParser(packet);
      if (isLast) this.#beginRows(packets.rest());
      if (this.#phase.kind !== 'head') return;
    }
  }

  /** mysql2 has never asked for CLIENT_DEPRECATE_EOF, so one more packet, an EOF, comes before the rows. */
  #onFields(fields: readonly FieldPacket[] | undefined): void {
    if (this.#phase.kind !== 'head' || fields === undefined) return;
    this.#phase = { ...this.#phase, hasColumns: true };
    try {
      this.#decoder = this.#makeDecoder(fields.map(wireColumn));
    } catch (error) {
      // Not thrown: that would go through mysql2's parser and leave it in the middle of the packet.
      this.stop(asError(error));
    }
  }

  #beginRows(bytes: Uint8Array): void {
    if (this.#decoder === undefined || this.stopped.aborted) {
      this.#skip(bytes);
      return;
    }
    this.#phase = { kind: 'rows', decoder: this.#decoder };
    this.#take(bytes);
  }

  #skip(bytes: Uint8Array): void {
    this.#phase = { kind: 'skipping', skipper: new RowSkipper() };
    this.#take(bytes);
  }

  /** Back-pressure: TCP itself slows the server down while the sink is busy. */
  #pauseFor(wait: Promise<void>): void {
    this.#stream.pause();
    wait.then(
      () => this.#stream.resume(),
      (error: unknown) => {
        this.stop(asError(error));
        this.#stream.resume();
      },
    );
  }

  #giveBack(rest: Uint8Array): void {
    this.#phase = { kind: 'lent-back' };
    this.#stream.off('data', this.#onData);
    for (const listener of this.#parser) this.#stream.on('data', listener);
    if (this.#stream instanceof CopySocket) this.#stream.isLending = false;
    this.#stream.resume();
    if (rest.length === 0) return;
    // mysql2 counts packets, and has not seen those of the rows.
    this.#connection.sequenceId = rest[packetHeader - 1] ?? 0;
    this.#toParser(rest);
  }

  #toParser(bytes: Uint8Array): void {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const listener of this.#parser) listener(chunk);
  }

  /** An error in the head comes from within mysql2's parser, before the socket is its again. */
  #onResult(error: Error | null): void {
    if (this.#phase.kind === 'head') {
      const { packets } = this.#phase;
      this.#giveBack(packets.rest());
    }
    this.#settle(error ?? undefined);
  }

  #settle(error: Error | undefined): void {
    this.#serverError ??= error;
    if (error !== undefined && 'fatal' in error && error.fatal === true) this.#isBroken = true;
    this.#stream.off('close', this.#onClose);
    this.#stream.off('finish', this.#onFinish);
    this.#ended.resolve();
  }

  /** mysql2 has been told to close the connection, which only ends its own side: the server would send all rows first. */
  readonly #onFinish = (): void => {
    this.#stream.destroy();
  };

  readonly #onClose = (): void => {
    this.#isBroken = true;
    this.#settle(new Error('Connection lost: The server closed the connection.'));
  };
}

function wireColumn({ columnType = 0, flags, characterSet = 0 }: FieldPacket): MysqlWireColumn {
  return { type: columnType, flags: typeof flags === 'number' ? flags : 0, characterSet };
}

function isDataListener(listener: unknown): listener is DataListener {
  return typeof listener === 'function';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
