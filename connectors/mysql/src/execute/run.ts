import type { ExecuteContext } from '@tributary/connector-sdk';
import type { SqlStatement } from '@tributary/connector-sdk/sql';
import { type WireAnswer, wireColumns } from '@tributary/connector-sdk/results';
import { dialects } from '../dialect/mysql-dialect.js';
import type { MySqlOptions } from '../options.js';
import { runStatement, type WireConnections } from '../wire/run-statement.js';
import type { Connections, Lease } from './connections.js';
import { inlineValues } from './inline-values.js';
import { QuerySnapshot } from './query-snapshot.js';

export interface Runner {
  readonly sourceId: string;
  readonly computeContext: string;
  readonly options: MySqlOptions;
  readonly connections: Connections;
}

/** One statement of a query, its rows from the wire to the sink. Nothing happens before the answer is read. */
export function run(runner: Runner, statement: SqlStatement, context: ExecuteContext): WireAnswer {
  const { sourceId, connections, options } = runner;
  const literal = dialects[connections.product?.name ?? 'mysql'].literal;
  return runStatement(wireConnections(runner, context), {
    sql: inlineValues(statement, literal),
    columns: wireColumns(statement.columns).map((column) => ({ ...column, zeroDates: options.zeroDates })),
    sourceId,
    object: statement.object,
  });
}

/** Connections for one statement: any for a query's only one, else the one that its snapshot lives on. */
function wireConnections(runner: Runner, context: ExecuteContext): WireConnections {
  const { connections } = runner;
  const leases = new Map<Lease['connection'], Lease>();
  return {
    acquire: async (signal) => {
      const lease = await acquire(runner, context, signal);
      leases.set(lease.connection, lease);
      try {
        await connections.limit(lease, context.timeoutMs, signal);
      } catch (error) {
        lease.release(true);
        throw error;
      }
      return lease.connection;
    },
    release: (connection, isBroken) => leases.get(connection)?.release(isBroken),
    kill: (threadId) => connections.kill(threadId),
  };
}

function acquire(
  { connections, sourceId, computeContext }: Runner,
  { query }: ExecuteContext,
  signal: AbortSignal,
): Promise<Lease> {
  if (query.fragmentsIn(computeContext) === 1) return connections.acquire(signal, query);
  const snapshot = query.shared(connections, () => {
    const made = new QuerySnapshot(connections, sourceId, query);
    query.onEnd(() => made.end());
    return made;
  });
  return snapshot.acquire(signal);
}
