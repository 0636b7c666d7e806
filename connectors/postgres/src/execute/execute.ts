import { ArrowSink } from '@tributary/columnar';
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
import { spooledRelation } from './relation.js';
import { readSplit } from './split-read.js';
import { writeSpoolFile } from './spool-file.js';
import { statementTimeout } from './statement-timeout.js';

type BoundStatement = Pick<FetchRequest, 'sql' | 'values'>;

export async function execute(
  scope: ExecutionScope,
  plan: RemoteQueryPlan,
  context: ExecuteContext,
): Promise<RemoteResult> {
  const planned = plan.state;
  if (!(planned instanceof PlannedStatement)) {
    throw new TributaryError('ENGINE.INTERNAL', { message: 'This plan was made by another connector.' });
  }
  if (context.prefer === 'relation' && planned.split !== undefined) {
    return readSplit(scope, planned, plan.columns, context, snapshotOf(scope, context));
  }
  const statement: BoundStatement = {
    sql: [...context.keySets.values()].some(({ count }) => count > fewKeys)
      ? planned.manyKeysSql
      : planned.sql,
    values: bindValues(planned.bindings, context.parameters, context.keySets),
  };
  const lease = await leaseFor(scope, context);
  return context.prefer === 'relation'
    ? spool(scope, planned, plan, statement, lease, context)
    : stream(scope, planned, statement, lease, context);
}

/** A single statement has a snapshot of its own; several of one query share one. */
async function leaseFor(scope: ExecutionScope, context: ExecuteContext): Promise<Lease> {
  if (context.query.fragmentsIn(scope.computeContext) > 1) {
    return snapshotOf(scope, context).lease(context.signal);
  }
  const lease = await scope.connections.acquire(context.signal);
  try {
    // Rows that stream to the user wait for him, so the server's clock would count his time as well.
    await statementTimeout(lease, context.prefer === 'relation' ? serverTimeoutMs(context) : 0);
    return lease;
  } catch (error) {
    lease.release(true);
    throw classifyError(error, { sourceId: scope.sourceId });
  }
}

function snapshotOf(scope: ExecutionScope, context: ExecuteContext): QuerySnapshot {
  return context.query.shared(scope.connections, () => {
    const snapshot = new QuerySnapshot(scope.connections, scope.sourceId, serverTimeoutMs(context));
    context.query.onEnd(() => snapshot.end());
    return snapshot;
  });
}

/** Later than the engine's own, which cancels with the better message. */
function serverTimeoutMs(context: ExecuteContext): number {
  return Math.min(Math.ceil(context.timeoutMs) + 2_000, 2_147_483_647);
}

async function spool(
  scope: ExecutionScope,
  planned: PlannedStatement,
  plan: RemoteQueryPlan,
  statement: BoundStatement,
  lease: Lease,
  context: ExecuteContext,
): Promise<RemoteResult> {
  let received = 0;
  try {
    const file = await writeSpoolFile(context.spool, planned.columns, (sink) =>
      fetchRows(scope.connections, lease, {
        ...statement,
        columns: planned.columns,
        sink,
        origin: { sourceId: scope.sourceId, object: planned.object },
        signal: context.signal,
        onProgress: (rows, bytes) => {
          received = bytes;
          context.onProgress(rows, bytes);
        },
      }),
    );
    return spooledRelation([file], plan.columns, context.spool, received);
  } finally {
    lease.release();
  }
}

/** Rows go to the reader as they come; the connection is his until the last one, or until he leaves. */
function stream(
  scope: ExecutionScope,
  planned: PlannedStatement,
  statement: BoundStatement,
  lease: Lease,
  context: ExecuteContext,
): RemoteResult {
  const sink = new ArrowSink(planned.columns);
  const finished = fetchRows(scope.connections, lease, {
    ...statement,
    columns: planned.columns,
    sink,
    origin: { sourceId: scope.sourceId, object: planned.object },
    signal: AbortSignal.any([context.signal, sink.stopped]),
    onProgress: context.onProgress.bind(context),
  })
    .then(
      () => sink.end(),
      (error: unknown) =>
        sink.fail(classifyError(error, { sourceId: scope.sourceId, object: planned.object })),
    )
    .finally(() => lease.release());
  context.query.onEnd(async () => {
    await sink.return();
    await finished;
  });
  return { kind: 'batches', schema: sink.schema, batches: sink };
}
