import { type WireAnswer, deliver, wireColumns } from '@tributary/connector-sdk/results';
import { TributaryError } from '@tributary/contract/errors';
import type { ExecuteContext, RemoteQueryPlan, RemoteResult } from '@tributary/contract/source';
import { classifyError } from '../errors/classify.js';
import { fewKeys } from '../plan/key-set-form.js';
import { PlannedStatement } from '../plan/plan-query.js';
import { bindValues } from './bind-values.js';
import type { Lease } from './connections.js';
import type { ExecutionScope } from './execution-scope.js';
import { type FetchRequest, fetchRows } from './fetch.js';
import { QuerySnapshot } from './query-snapshot.js';
import { readSplit } from './split-read.js';
import { statementTimeout } from './statement-timeout.js';

type BoundStatement = Pick<FetchRequest, 'sql' | 'values' | 'isKept'>;

export async function execute(
  scope: ExecutionScope,
  plan: RemoteQueryPlan,
  context: ExecuteContext,
): Promise<RemoteResult> {
  const planned = plan.state;
  if (!(planned instanceof PlannedStatement)) {
    throw new TributaryError('ENGINE.INTERNAL', { message: 'This plan was made by another connector.' });
  }
  const fragments = context.query.fragmentsIn(scope.computeContext);
  const isSplit = context.prefer === 'relation' && planned.split !== undefined;
  if (!isSplit && fragments <= 1) return executeAlone(scope, planned, context);
  const snapshot = snapshotOf(scope, context);
  const result = isSplit
    ? await readSplit(scope, planned, context, snapshot)
    : await executeWith(scope, planned, context, await snapshot.lease(context.signal));
  // Batches still need their connection; the snapshot then goes when the query ends.
  if (result.kind === 'relation') await snapshot.fragmentDone(fragments);
  return result;
}

/** A single statement has a snapshot of its own. */
async function executeAlone(
  scope: ExecutionScope,
  planned: PlannedStatement,
  context: ExecuteContext,
): Promise<RemoteResult> {
  const lease = await scope.connections.acquire(context.signal, context.query);
  try {
    // Rows that stream to the user wait for him, so the server's clock would count his time as well.
    await statementTimeout(lease, context.prefer === 'relation' ? serverTimeoutMs(context) : 0);
  } catch (error) {
    lease.release(true);
    throw classifyError(error, { sourceId: scope.sourceId });
  }
  return executeWith(scope, planned, context, lease);
}

async function executeWith(
  scope: ExecutionScope,
  planned: PlannedStatement,
  context: ExecuteContext,
  lease: Lease,
): Promise<RemoteResult> {
  try {
    const hasManyKeys = [...context.keySets.values()].some(({ count }) => count > fewKeys);
    const statement: BoundStatement = {
      sql: hasManyKeys ? planned.manyKeysSql : planned.sql,
      values: bindValues(planned.bindings, context.parameters, context.keySets),
      // A plan for any number of keys would be a bad one for most; a statement without values is seldom sent twice.
      isKept: planned.bindings.length > 0 && planned.bindings.every(({ kind }) => kind === 'parameter'),
    };
    const origin = { sourceId: scope.sourceId, object: planned.object, classify: classifyError };
    return await deliver(answerOf(scope, planned, statement, lease), planned.columns, context, origin);
  } catch (error) {
    lease.release();
    throw error;
  }
}

function snapshotOf(scope: ExecutionScope, context: ExecuteContext): QuerySnapshot {
  return context.query.shared(scope.connections, () => {
    const snapshot = new QuerySnapshot(scope, context.query, serverTimeoutMs(context));
    context.query.onEnd(() => snapshot.end());
    return snapshot;
  });
}

/** Later than the engine's own, which cancels with the better message. */
function serverTimeoutMs(context: ExecuteContext): number {
  return Math.min(Math.ceil(context.timeoutMs) + 2_000, 2_147_483_647);
}

/** The connection is the reader's until the last row, or until he leaves. */
function answerOf(
  scope: ExecutionScope,
  planned: PlannedStatement,
  statement: BoundStatement,
  lease: Lease,
): WireAnswer {
  return {
    kind: 'wire',
    read: async (sink, signal, onProgress) => {
      try {
        await fetchRows(scope.connections, lease, {
          ...statement,
          columns: wireColumns(planned.columns),
          sink,
          origin: { sourceId: scope.sourceId, object: planned.object },
          signal,
          onProgress,
        });
      } finally {
        lease.release();
      }
    },
  };
}
