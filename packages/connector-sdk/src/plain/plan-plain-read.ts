import { TributaryError } from '@tributary/contract/errors';
import { type ColumnId, type Expr, plain } from '@tributary/contract/plan';
import { printExpr } from '@tributary/contract/render';
import type { Decision, RemoteQueryPlan, ScanRequest } from '@tributary/contract/source';
import type { PlainColumn, PlainTable } from './plain-reader.js';
import { type PlannedPredicate, plannedPredicate } from './planned-predicate.js';
import { type PlainReasonCode, plainReasonCodes } from './reason-codes.js';

/** What execution needs of a plan. */
export class PlannedRead {
  readonly table: PlainTable;
  readonly columns: readonly PlainColumn[];
  readonly predicates: readonly PlannedPredicate[];
  readonly limit: number | undefined;

  constructor(fields: Pick<PlannedRead, 'table' | 'columns' | 'predicates' | 'limit'>) {
    this.table = fields.table;
    this.columns = fields.columns;
    this.predicates = fields.predicates;
    this.limit = fields.limit;
  }

  /** The read of a plan that this base has made. */
  static of(plan: RemoteQueryPlan): PlannedRead {
    if (plan.state instanceof PlannedRead) return plan.state;
    throw new TributaryError('ENGINE.INTERNAL', { message: 'This plan was made by another connector.' });
  }
}

/** What becomes of one conjunct: taken (a predicate), and whether the engine has to look as well. */
interface Judged {
  readonly conjunct: Expr;
  readonly text: string;
  readonly predicate?: PlannedPredicate;
  readonly doubt?: PlainReasonCode;
}

/** Takes what the columns declare and hands back the rest. A key set is never handed back: without it the join is as right. */
export function planPlainRead(sourceId: string, request: ScanRequest, table: PlainTable): RemoteQueryPlan {
  const names = new Map([...request.columns, ...request.filterColumns].map(({ id, name }) => [id, name]));
  const columns = request.columns.map(({ name }) => columnNamed(sourceId, table, name));
  const columnOf = (id: ColumnId): PlainColumn | undefined => {
    const name = names.get(id);
    return table.columns.find((column) => column.name === name);
  };
  const judged = request.filters.map((conjunct): Judged => {
    const text = printExpr(conjunct, (id) => names.get(id) ?? `column ${id}`);
    return { conjunct, text, ...judge(conjunct, columnOf, table) };
  });
  const residual = judged.filter(
    ({ conjunct, doubt }) => doubt !== undefined && conjunct.kind !== 'in-key-set',
  );
  const predicates = judged.flatMap(({ predicate }) => (predicate === undefined ? [] : [predicate]));
  const limit = limitOf(request, table, judged);
  const texts = judged.filter(({ predicate }) => predicate !== undefined).map(({ text }) => text);
  const isPushed = limit !== undefined && (limit.doubt === undefined || limit.doubt === 'LIMIT_AT_LEAST');
  return {
    sourceId,
    request,
    columns: request.columns.map(plain),
    residual: {
      filters: residual.map(({ conjunct }) => conjunct),
      limit: limit?.doubt !== undefined,
    },
    native: nativeText(request, texts, isPushed),
    decisions: [
      ...judged.map((each) => filterDecision(each, sourceId)),
      projectionDecision(columns, table, sourceId),
      ...(limit === undefined ? [] : [limitDecision(limit, sourceId)]),
    ],
    state: new PlannedRead({ table, columns, predicates, limit: isPushed ? request.limit : undefined }),
  };
}

function judge(
  conjunct: Expr,
  columnOf: (id: ColumnId) => PlainColumn | undefined,
  table: PlainTable,
): Pick<Judged, 'predicate' | 'doubt'> {
  const predicate = plannedPredicate(conjunct, columnOf);
  if (predicate === undefined) return { doubt: 'FILTER_NOT_SIMPLE' };
  const { column, op, operands } = predicate;
  if (column.filters?.includes(op) !== true) return { doubt: 'FILTER_NOT_DECLARED' };
  const isLong = typeof operands !== 'string' && operands.length > mostValues(table);
  const isSuperset = column.filtering === 'superset';
  if (isLong && (isSuperset || operands.some(({ kind }) => kind === 'parameter'))) {
    return { doubt: 'TOO_MANY_VALUES' };
  }
  return isSuperset ? { predicate, doubt: 'FILTER_INEXACT' } : { predicate };
}

function mostValues({ maxInValues }: PlainTable): number {
  return maxInValues ?? Number.POSITIVE_INFINITY;
}

/** Whether the predicate fits into one request, however many keys come. */
function isOneRequest({ operands }: PlannedPredicate, table: PlainTable): boolean {
  return typeof operands === 'string'
    ? table.maxInValues === undefined
    : operands.length <= mostValues(table);
}

interface Limit {
  readonly text: string;
  readonly doubt: PlainReasonCode | undefined;
}

function limitOf(request: ScanRequest, table: PlainTable, judged: readonly Judged[]): Limit | undefined {
  if (request.limit === undefined) return undefined;
  const text = `LIMIT ${request.limit}`;
  const declared = table.limit ?? 'none';
  if (declared === 'none') return { text, doubt: 'LIMIT_NOT_TAKEN' };
  if (judged.some(({ doubt }) => doubt !== undefined)) return { text, doubt: 'LIMIT_ABOVE_FILTER' };
  // A list that goes in several requests has the limit in each of them.
  const isOne = judged.every(({ predicate }) => predicate === undefined || isOneRequest(predicate, table));
  const isExact = declared === 'exact' && isOne;
  return { text, doubt: isExact ? undefined : 'LIMIT_AT_LEAST' };
}

function filterDecision({ conjunct, text, predicate, doubt }: Judged, sourceId: string): Decision {
  const isKeySet = conjunct.kind === 'in-key-set';
  const piece = isKeySet ? 'key-set' : 'filter';
  if (doubt === undefined) {
    const why = 'the source answers with just the rows that match';
    return { piece, text, outcome: 'pushed', code: 'PUSHED', why, sourceId };
  }
  const why = plainReasonCodes[doubt];
  const left = isKeySet ? 'dropped' : 'kept';
  return { piece, text, outcome: predicate === undefined ? left : 'split', code: doubt, why, sourceId };
}

function projectionDecision(columns: readonly PlainColumn[], table: PlainTable, sourceId: string): Decision {
  const text = columns.map(({ name }) => name).join(', ');
  const why = `${columns.length} of ${table.columns.length} columns are asked for`;
  return { piece: 'projection', text, outcome: 'pushed', code: 'PUSHED', why, sourceId };
}

function limitDecision({ text, doubt }: Limit, sourceId: string): Decision {
  if (doubt === undefined) {
    const why = 'every filter runs there';
    return { piece: 'limit', text, outcome: 'pushed', code: 'PUSHED', why, sourceId };
  }
  const outcome = doubt === 'LIMIT_AT_LEAST' ? 'split' : 'kept';
  return { piece: 'limit', text, outcome, code: doubt, why: plainReasonCodes[doubt], sourceId };
}

function nativeText(request: ScanRequest, filters: readonly string[], isLimited: boolean): string {
  const columns = request.columns.map(({ name }) => name).join(', ');
  return [
    `read ${request.table.join('.')}: ${columns === '' ? 'row count' : columns}`,
    ...(filters.length > 0 ? [`  where ${filters.join(' and ')}`] : []),
    ...(isLimited ? [`  limit ${request.limit}`] : []),
  ].join('\n');
}

function columnNamed(sourceId: string, { table, columns }: PlainTable, name: string): PlainColumn {
  const column = columns.find((each) => each.name === name);
  if (column !== undefined) return column;
  throw new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `Source ${sourceId}: ${table.name} has no column ${name} any more.`,
    sourceId,
    object: table.name,
  });
}
