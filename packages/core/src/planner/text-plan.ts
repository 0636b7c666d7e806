import { TributaryError } from '@tributary/contract/errors';
import type { ColumnId, Rel, ScanColumn } from '@tributary/contract/plan';
import type { Decision } from '@tributary/contract/source';
import type { BoundStatement } from '../bind/binder.js';
import { distinctNames } from '../bind/stub-catalogue.js';
import type { TextTable } from '../bind/text-tables.js';
import type { FederatedPlan, Fragment, StagedTable } from '../plan/federated-plan.js';
import { reason } from '../split/reason-codes.js';
import { type SplitContext, splitPlan } from '../split/split.js';

/**
 * The scan-only path: each table's needed columns are fetched, and the user's text runs over them unchanged. It is the way of
 * what the IR cannot say, and of `pushdown: 'off'`: the oracle that shares neither importer nor optimiser nor renderer.
 *
 * @param unknown what the planner cannot handle; undefined where nothing is wrong but the mode asks for it
 * @throws TributaryError PLAN.PUSHDOWN_REQUIRED in mode `require`
 */
export async function planText(
  statement: BoundStatement,
  unknown: string | undefined,
  context: SplitContext,
): Promise<FederatedPlan> {
  const { tables } = statement;
  const { mode } = context;
  const refusal =
    unknown === undefined
      ? reason('PUSHDOWN_OFF')
      : reason(
          'NOT_IN_IR',
          `The planner does not know ${unknown}: the statement runs as written over whole tables.`,
        );
  if (statement.describes) {
    throw new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
      message: `DESCRIBE is refused beside ${unknown ?? 'text'}, which the planner does not know.`,
      fix: 'Write DESCRIBE as a statement of its own.',
    });
  }
  if (mode === 'require') {
    throw new TributaryError('PLAN.PUSHDOWN_REQUIRED', { message: refusal.why, object: statement.sql });
  }
  const decisions: Decision[] = [{ piece: 'scan', text: statement.sql, outcome: 'kept', ...refusal }];
  const fragments: Fragment[] = [];
  const staged: StagedTable[] = [];
  for (const [i, table] of tables.entries()) {
    const { relation, stagedColumns } = scanOf(table, context.newId);
    const [fragment] = splitPlan(relation, context).fragments;
    if (fragment === undefined) continue;
    const id = `f${i + 1}`;
    fragments.push({ ...fragment, id });
    staged.push({ path: table.stub, fragment: id, columns: stagedColumns });
  }
  return {
    sql: statement.sql,
    mode,
    fragments,
    keySets: [],
    held: [],
    residual: {
      kind: 'text',
      sql: statement.sql,
      tables: staged,
      views: await statement.views(),
      reason: unknown ?? "pushdown: 'off'",
    },
    output: statement.output,
    decisions,
    parameters: statement.parameters,
  };
}

function scanOf(
  { table, columns: needed }: TextTable,
  newId: () => ColumnId,
): { readonly relation: Rel; readonly stagedColumns: StagedTable['columns'] } {
  const { columns } = table.schema;
  const names = distinctNames(columns.map((c) => c.name));
  // Rows without columns still have to be counted.
  const read = new Set(needed.length > 0 ? needed : columns.length > 0 ? [0] : []);
  const scanned = new Map<number, ScanColumn>();
  for (const [i, { name, type, nullable, comparison }] of columns.entries()) {
    if (read.has(i)) scanned.set(i, { id: newId(), name, type, nullable, comparison });
  }
  return {
    relation: { kind: 'scan', source: table.source, table: table.path, columns: [...scanned.values()] },
    stagedColumns: columns.map((c, i) => {
      const column = scanned.get(i);
      return { name: names[i] ?? c.name, type: c.type, ...(column && { from: column.id }) };
    }),
  };
}
