import {
  type Decision,
  type Expr,
  type RemoteQueryPlan,
  type ScanRequest,
  duckdbDialect,
  literal,
  plain,
  refusalOf,
  renderQuery,
  simpleType,
} from '@tributary/connector-sdk';
import { type PrunedScan, prune } from '../prune/prune.js';
import type { LakeTable } from '../table/lake-table.js';
import { dottedName } from '../table/table-name.js';
import { requestColumns } from './lake-query.js';
import type { LakeReasonCode } from './reason-codes.js';

/** What the run of a plan needs; the files are looked at again then. */
export interface ScanState {
  readonly request: ScanRequest;
  /** Conjuncts that DuckDB evaluates over the files. */
  readonly filters: readonly Expr[];
  /** Whether LIMIT and OFFSET are applied here. */
  readonly limited: boolean;
  /** Files that planning meant to read: one that is gone at the run is an error, not an empty file. */
  readonly files: readonly string[];
}

export function planScan(
  request: ScanRequest,
  table: LakeTable,
  { sourceId, isRemote }: { readonly sourceId: string; readonly isRemote: boolean },
): RemoteQueryPlan {
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
      ...judged.map((item) => filterDecision(item, sourceId)),
      ...pruningDecisions(table, pruned, texts.join(' AND '), sourceId),
      projectionDecision(request, table, sourceId),
      ...(wantsLimit ? [limitDecision(request, limited, sourceId)] : []),
    ],
    state,
  };
}

export function isScanState(state: unknown): state is ScanState {
  return typeof state === 'object' && state !== null && 'files' in state && 'request' in state;
}

interface Judged {
  readonly filter: Expr;
  readonly text: string;
  readonly refusal: { readonly code: string; readonly why: string } | undefined;
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

function filterDecision({ filter, text, refusal }: Judged, sourceId: string): Decision {
  const piece = filter.kind === 'in-key-set' ? 'key-set' : 'filter';
  if (refusal !== undefined) return { piece, text, outcome: 'kept', ...refusal, sourceId };
  const why = 'DuckDB evaluates it while it reads the files, and skips what their statistics exclude';
  return { piece, text, outcome: 'pushed', code: 'PUSHED', why, sourceId };
}

function pruningDecisions(
  table: LakeTable,
  pruned: PrunedScan,
  filter: string,
  sourceId: string,
): readonly Decision[] {
  const of = `of ${files(table.files.length)}`;
  const dropped = (piece: Decision['piece'], code: LakeReasonCode, why: string): Decision => ({
    piece,
    text: filter,
    outcome: 'dropped',
    code,
    why,
    sourceId,
  });
  const groups = pruned.rowGroups;
  return [
    ...(pruned.partitionPruned > 0
      ? [
          dropped(
            'partition',
            'PARTITION_PRUNED',
            `${pruned.partitionPruned} ${of} lie in partitions that cannot match`,
          ),
        ]
      : []),
    ...(pruned.filePruned > 0
      ? [dropped('scan', 'FILE_PRUNED', `${pruned.filePruned} ${of} cannot match by their bounds`)]
      : []),
    ...(groups !== undefined && groups.matching < groups.total
      ? [
          dropped(
            'scan',
            'ROW_GROUP_PRUNED',
            `${groups.total - groups.matching} of ${groups.total} row groups cannot match by their bounds`,
          ),
        ]
      : []),
  ];
}

function projectionDecision(request: ScanRequest, table: LakeTable, sourceId: string): Decision {
  const names = request.columns.map((column) => column.name).join(', ');
  const why = `${requestColumns(request).length} of ${table.columns.length} columns are read`;
  return { piece: 'projection', text: names, outcome: 'pushed', code: 'PUSHED', why, sourceId };
}

function limitDecision(request: ScanRequest, limited: boolean, sourceId: string): Decision {
  const limit = request.limit === undefined ? [] : [`LIMIT ${request.limit}`];
  const offset = request.offset === undefined ? [] : [`OFFSET ${request.offset}`];
  const text = [...limit, ...offset].join(' ');
  if (limited) {
    return {
      piece: 'limit',
      text,
      outcome: 'pushed',
      code: 'PUSHED',
      why: 'every filter runs here',
      sourceId,
    };
  }
  const code: LakeReasonCode = 'LIMIT_ABOVE_FILTER';
  return { piece: 'limit', text, outcome: 'kept', code, why: 'a filter stays above it', sourceId };
}

function nativeText(
  request: ScanRequest,
  table: LakeTable,
  pruned: PrunedScan,
  {
    texts,
    limited,
    isRemote,
  }: { readonly texts: readonly string[]; readonly limited: boolean; readonly isRemote: boolean },
): string {
  const groups = pruned.rowGroups;
  const snapshot = table.snapshot === undefined ? '' : ` (${table.snapshot})`;
  const columns = request.columns.map((column) => column.name).join(', ');
  return [
    `read ${table.format} ${dottedName(table.name)}${snapshot}: ${columns === '' ? 'row count' : columns}`,
    `  files ${pruned.scans.length} of ${table.files.length}` +
      (groups === undefined ? '' : `, row groups ${groups.matching} of ${groups.total}`) +
      (isRemote ? `, ${megabytes(pruned.bytes)} of ${megabytes(pruned.totalBytes)} MB` : ''),
    ...(texts.length > 0 ? [`  where ${texts.join(' and ')}`] : []),
    ...(limited && request.limit !== undefined ? [`  limit ${request.limit}`] : []),
    ...(limited && request.offset !== undefined ? [`  offset ${request.offset}`] : []),
  ].join('\n');
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);
}
