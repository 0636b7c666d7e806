import { createMysqlRowsDecoder, type MysqlColumn, type MysqlRowsDecoder } from '@tributary/columnar';
import type { WireAnswer } from '@tributary/connector-sdk/results';
import { abortError, TributaryError } from '@tributary/contract/errors';
import type { Connection } from 'mysql2';
import { setTimeout as sleep } from 'node:timers/promises';
import { RawExecution } from './raw-execution.js';

/** Where a statement gets its connection, and how it is cancelled. */
export interface WireConnections {
  /** A connection without compression that nothing else uses until `release`. */
  acquire(signal: AbortSignal): Promise<Connection>;
  /** Gives it back; a broken one must not be used again. */
  release(connection: Connection, isBroken: boolean): void;
  /** `KILL QUERY` over another connection. It may fail: the statement's connection is closed then. */
  kill(threadId: number): Promise<void>;
}

export interface WireStatement {
  /** With its values in it: nothing is left to bind. */
  readonly sql: string;
  readonly columns: readonly MysqlColumn[];
  readonly sourceId: string;
  /** The tables read, for errors. */
  readonly object: string;
}

/**
 * One statement whose rows go from the wire to the sink without an object in between. Errors of the server are mysql2's; what
 * cannot be read is SOURCE.UNREPRESENTABLE_VALUE, SOURCE.CORRUPT_DATA or RESOURCE.MEMORY, and SOURCE.MISSING_OBJECT where the
 * columns are not those that were planned. However `read` ends, the statement has ended on the server before it settles, or its
 * connection is closed.
 */
export function runStatement(connections: WireConnections, statement: WireStatement): WireAnswer {
  const { columns, sourceId, object } = statement;
  return {
    kind: 'wire',
    read: async (sink, signal, onProgress) => {
      if (signal.aborted) throw abortError(signal);
      const connection = await connections.acquire(signal);
      if (signal.aborted) {
        connections.release(connection, false);
        throw abortError(signal);
      }
      let isBroken = true;
      let execution: RawExecution;
      try {
        execution = new RawExecution(connection, (wire) =>
          createMysqlRowsDecoder({ columns, wire, sink, sourceId, object, onProgress }),
        );
        await runToEnd(connections, connection, execution, statement, signal);
        isBroken = execution.isBroken;
      } finally {
        connections.release(connection, isBroken);
      }
      await decoderOf(execution).end();
    },
  };
}

/** The decoder of an execution that has ended well. */
function decoderOf({ stopped, serverError, decoder }: RawExecution): MysqlRowsDecoder {
  if (stopped.aborted) throw stopped.reason;
  if (serverError !== undefined) throw serverError;
  if (decoder === undefined) {
    throw new TributaryError('ENGINE.INTERNAL', { message: 'The statement answers without columns.' });
  }
  return decoder;
}

async function runToEnd(
  connections: WireConnections,
  connection: Connection,
  execution: RawExecution,
  statement: WireStatement,
  signal: AbortSignal,
): Promise<void> {
  let killing: Promise<void> | undefined;
  const stop = (): void => execution.stop(abortError(signal));
  const kill = (): void => {
    killing = killStatement(connections, connection, execution);
  };
  signal.addEventListener('abort', stop, { once: true });
  execution.stopped.addEventListener('abort', kill, { once: true });
  try {
    execution.start(statement.sql);
    await execution.ended;
  } finally {
    signal.removeEventListener('abort', stop);
    execution.stopped.removeEventListener('abort', kill);
    await killing;
  }
  if (!execution.isBroken) connection.unprepare(statement.sql);
}

/** How long a killed statement may take to end before its connection is closed instead. */
const killGraceMs = 1000;

/** The connection is fit for another statement only once the KILL is over too: one that comes late would hit that. */
async function killStatement(
  connections: WireConnections,
  connection: Connection,
  execution: RawExecution,
): Promise<void> {
  const killed = connections.kill(connection.threadId).catch(() => undefined);
  const expired = new AbortController();
  const isOver = await Promise.race([
    Promise.all([execution.ended, killed]).then(() => true),
    sleep(killGraceMs, false, { signal: expired.signal }).catch(() => false),
  ]);
  expired.abort();
  if (!isOver) execution.cut();
}
