import {
  type AggregateColumn,
  type Expr,
  type RemoteQueryPlan,
  type ScanColumn,
  type ScanRequest,
  duckdbDialect,
  literal,
  plain,
  refusalOf,
  renderQuery,
  simpleType,
} from '@tributary/connector-sdk';
import { prune } from '../prune/prune.js';
import type { LakeTable } from '../table/lake-table.js';
import { type ExactAnswer, exactAnswer } from './exact-answer.js';
import {
  type Judged,
  aggregateDecision,
  filterDecision,
  headline,
  limitDecision,
  nativeText,
  projectionDecision,
  pruningDecisions,
} from './explain-scan.js';
import { requestColumns } from './lake-query.js';

/** What the run of a plan needs; the files are looked at again then. */
export interface ScanState {
  readonly request: ScanRequest;
  /** Conjuncts that DuckDB evaluates over the files. */
  readonly filters: readonly Expr[];
  /** Whether LIMIT and OFFSET are applied here. */
  readonly limited: boolean;
  /** Whether the request's aggregates are the answer, in place of the rows. */
  readonly aggregated: boolean;
  /** Files that planning meant to read: one that is gone at the run is an error, not an empty file. */
  readonly files: readonly string[];
}

export function planScan(
  request: ScanRequest,
  table: LakeTable,
  { sourceId, isRemote }: { readonly sourceId: string; readonly isRemote: boolean },
): RemoteQueryPlan {
  const answer = request.aggregates && likelyAnswer(table, request.aggregates, request.columns);
  if (answer?.kind === 'known') return planAnswer(request, table, sourceId);
  const columns = requestColumns(request);
  const judged = request.filters.map((filter) => ({ filter, ...renderFilter(filter, request, sourceId) }));
  const taken = judged.filter((item) => item.refusal === undefined).map((item) => item.filter);
  const left = judged.filter((item) => item.refusal !== undefined);
  const pruned = prune(table, { filters: taken, columns, keySets: new Map() });
  const wantsLimit = request.limit !== undefined || request.offset !== undefined;
  const limited = wantsLimit && left.length === 0;
  const state: ScanState = {
    request,
    filters: taken,
    limited,
    aggregated: false,
    files: pruned.scans.map(({ file }) => file.file.path),
  };
  const texts = judged.filter((item) => item.refusal === undefined).map((item) => item.text);
  return {
    sourceId,
    request,
    columns: request.columns.map(plain),
    residual: { filters: left.map((item) => item.filter), limit: wantsLimit && !limited },
    native: nativeText(request, table, pruned, { texts, limited, isRemote }),
    decisions: [
      ...(answer === undefined ? [] : [aggregateDecision(request, answer.why, sourceId)]),
      ...judged.map((item) => filterDecision(item, sourceId)),
      ...pruningDecisions(table, pruned, texts.join(' AND '), sourceId),
      projectionDecision(request, table, sourceId),
      ...(wantsLimit ? [limitDecision(request, limited, sourceId)] : []),
    ],
    state,
  };
}

/** Of a sampled table, the files that were looked at stand for the rest: the run looks at all of them. */
function likelyAnswer(
  table: LakeTable,
  aggregates: readonly AggregateColumn[],
  columns: readonly ScanColumn[],
): ExactAnswer {
  const files = table.files.filter(({ description }) => description !== undefined);
  return exactAnswer(table.sampled === true ? { ...table, files } : table, aggregates, columns);
}

/** The aggregates from what is known already: no file is opened. */
function planAnswer(request: ScanRequest, table: LakeTable, sourceId: string): RemoteQueryPlan {
  const { aggregates = [] } = request;
  const state: ScanState = {
    request,
    filters: [],
    limited: false,
    aggregated: true,
    files: table.files.map(({ file }) => file.path),
  };
  return {
    sourceId,
    request,
    columns: aggregates.map(plain),
    aggregated: true,
    residual: { filters: [], limit: false },
    native: [
      `look up ${headline(table)}: ${aggregates.map(({ name }) => name).join(', ')}`,
      `  files 0 of ${table.files.length}`,
    ].join('\n'),
    decisions: [aggregateDecision(request, undefined, sourceId)],
    state,
  };
}

export function isScanState(state: unknown): state is ScanState {
  return typeof state === 'object' && state !== null && 'files' in state && 'request' in state;
}

/** A conjunct as DuckDB will read it, over bare column names. */
function renderFilter(filter: Expr, request: ScanRequest, sourceId: string): Omit<Judged, 'filter'> {
  let text: string = filter.kind;
  const refusal = refusalOf(() => {
    const columns = requestColumns(request);
    const scan = { kind: 'scan' as const, source: sourceId, table: ['t'], columns };
    const one = {
      id: -1,
      name: 'one',
      type: simpleType('integer'),
      expr: literal(simpleType('integer'), '1'),
    };
    const { sql } = renderQuery(
      { kind: 'project', input: { kind: 'filter', input: scan, predicates: [filter] }, columns: [one] },
      { dialect: duckdbDialect, tableName: () => 't', keySetRelation: (id) => id },
    );
    text = sql
      .replaceAll(/\s+/g, ' ')
      .replace(/^.*? WHERE /, '')
      .replaceAll('t."', '"');
  });
  return { text, refusal };
}
