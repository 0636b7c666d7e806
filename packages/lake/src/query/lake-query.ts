import {
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

/** A scan as one DuckDB statement over the files that are left. */
export function lakeQuery(
  request: ScanRequest,
  filters: readonly Expr[],
  table: LakeTable,
  files: readonly StagedFile[],
  options: {
    readonly sourceId: string;
    readonly limited: boolean;
    readonly keySetRelation: (id: KeySetId) => string;
  },
): string {
  const columns = requestColumns(request);
  const scan: Rel = { kind: 'scan', source: options.sourceId, table: request.table, columns };
  const filtered: Rel = filters.length === 0 ? scan : { kind: 'filter', input: scan, predicates: filters };
  const picked = pick(filtered, request.columns);
  const { sql } = renderQuery(options.limited ? limited(picked, request) : picked, {
    dialect: duckdbDialect,
    tableName: () => scanRelation(table, files, columns),
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
