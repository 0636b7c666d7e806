import {
  type AggregateColumn,
  type Expr,
  type KeySetId,
  type Rel,
  type ScanColumn,
  type ScanRequest,
  duckdbDialect,
  literal,
  pick,
  renderQuery,
  simpleType,
} from '@tributary/connector-sdk';
import { scanRelation } from '../sql/scan.js';
import type { StagedFile } from '../source/file-access.js';
import type { LakeTable } from '../table/lake-table.js';

/** One row of constants. */
export function answerQuery(columns: readonly AggregateColumn[], values: readonly (string | null)[]): string {
  const row = columns.map(({ type }, index) => literal(type, values[index] ?? null));
  const relation: Rel = { kind: 'values', columns, rows: [row] };
  return renderQuery(relation, { dialect: duckdbDialect, tableName: () => '' }).sql;
}

/** A scan as one DuckDB statement over the files that are left. */
export function lakeQuery(
  request: ScanRequest,
  filters: readonly Expr[],
  table: LakeTable,
  files: readonly StagedFile[],
  options: {
    readonly sourceId: string;
    readonly limited: boolean;
    /** Whether the request's aggregates are asked for in place of the rows. */
    readonly aggregated: boolean;
    readonly keySetRelation: (id: KeySetId) => string;
    /** How many rows DuckDB is to think there are. */
    readonly expectedRows: number | undefined;
  },
): string {
  const columns = requestColumns(request);
  const scan: Rel = { kind: 'scan', source: options.sourceId, table: request.table, columns };
  const filtered: Rel = filters.length === 0 ? scan : { kind: 'filter', input: scan, predicates: filters };
  const picked = pick(filtered, request.columns);
  const { aggregates = [] } = request;
  const relation: Rel = options.aggregated
    ? { kind: 'aggregate', input: picked, groups: [], aggregates }
    : options.limited
      ? limited(picked, request)
      : picked;
  const { sql } = renderQuery(relation, {
    dialect: duckdbDialect,
    tableName: () => scanRelation(table, files, columns, options.expectedRows),
    keySetRelation: options.keySetRelation,
  });
  return sql;
}

/** The columns that a scan reads: those of the answer and those that only its filters need. */
export function requestColumns(request: ScanRequest): readonly ScanColumn[] {
  return [...request.columns, ...request.filterColumns];
}

function limited(input: Rel, { limit, offset }: ScanRequest): Rel {
  if (limit === undefined && offset === undefined) return input;
  const count = (rows: number): Expr => literal(simpleType('bigint'), rows.toString());
  return {
    kind: 'limit',
    input,
    ...(limit !== undefined && { limit: count(limit) }),
    ...(offset !== undefined && { offset: count(offset) }),
  };
}
