import {
  deleteSpoolFiles,
  spooledRelation,
  type SpooledFile,
  wireColumns,
  writeSpoolFile,
} from '@tributary/connector-sdk/results';
import { abortError } from '@tributary/contract/errors';
import type { ExecuteContext, RemoteResult } from '@tributary/contract/source';
import { classifyError } from '../errors/classify.js';
import type { PlannedStatement } from '../plan/plan-query.js';
import { pageRanges } from '../plan/split-scan.js';
import { quoteIdentifier } from '../dialect/quote.js';
import type { Lease } from './connections.js';
import type { ExecutionScope } from './execution-scope.js';
import { fetchRows } from './fetch.js';
import type { QuerySnapshot } from './query-snapshot.js';

/**
 * Reads one table over several connections, each its own ranges of pages, inside one snapshot. Connections beyond the first
 * are taken only where they are spare; whoever is done with his range takes the next.
 */
export async function readSplit(
  scope: ExecutionScope,
  planned: PlannedStatement,
  context: ExecuteContext,
  snapshot: QuerySnapshot,
): Promise<RemoteResult> {
  const { split } = planned;
  const columns = wireColumns(planned.columns);
  const origin = { sourceId: scope.sourceId, object: planned.object };
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const leases = await workers(snapshot, scope.options.fetchConnections, signal);
  const ranges = [
    ...pageRanges(await pagesOf(scope, leases, split?.scan.table ?? [], signal), leases.length),
  ];
  const files: SpooledFile[] = [];
  const totals = new Map<object, readonly [rows: number, bytes: number]>();

  const report = (worker: object, rows: number, bytes: number): void => {
    totals.set(worker, [rows, bytes]);
    const sum = (index: 0 | 1): number => [...totals.values()].reduce((all, each) => all + each[index], 0);
    context.onProgress(sum(0), sum(1));
  };
  const work = async (lease: Lease): Promise<void> => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      const key = range;
      const sql = split?.sqlOf(range) ?? planned.sql;
      files.push(
        await writeSpoolFile(context.spool, columns, (sink) =>
          fetchRows(scope.connections, lease, {
            sql,
            values: [],
            isKept: false,
            columns,
            sink,
            origin,
            signal,
            onProgress: (rows, bytes) => report(key, rows, bytes),
          }),
        ),
      );
    }
  };
  const outcomes = await Promise.allSettled(
    leases.map(async (lease) => {
      try {
        await work(lease);
      } catch (error) {
        // The others' rows are of no use either.
        failed.abort(classifyError(error, origin));
        throw error;
      } finally {
        lease.release();
      }
    }),
  );
  if (outcomes.some(({ status }) => status === 'rejected')) {
    await deleteSpoolFiles(context.spool, files);
    throw abortError(signal);
  }
  const bytes = [...totals.values()].reduce((sum, each) => sum + each[1], 0);
  return spooledRelation(files, planned.columns, context.spool, bytes);
}

async function workers(
  snapshot: QuerySnapshot,
  count: number,
  signal: AbortSignal,
): Promise<readonly Lease[]> {
  const leases = [await snapshot.lease(signal)];
  try {
    while (leases.length < count) {
      const spare = await snapshot.spare(signal);
      if (spare === undefined) break;
      leases.push(spare);
    }
    return leases;
  } catch (error) {
    for (const lease of leases) lease.release();
    throw error;
  }
}

async function pagesOf(
  scope: ExecutionScope,
  leases: readonly Lease[],
  table: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const [lease] = leases;
  const name = table.slice(-2).map(quoteIdentifier).join('.');
  try {
    if (lease === undefined) return 0;
    const running = lease.client.query<{ readonly pages: string }>(
      `SELECT pg_catalog.pg_relation_size($1::regclass) / current_setting('block_size')::int8 AS pages`,
      [name],
    );
    const { rows } = await scope.connections.cancellable(lease, running, signal);
    return Number(rows[0]?.pages ?? 0);
  } catch (error) {
    for (const each of leases) each.release(true);
    throw classifyError(error, { sourceId: scope.sourceId, object: table.join('.') });
  }
}
