import type { Decision, Expr, ScanRequest } from '@tributary/connector-sdk';
import type { PrunedScan } from '../prune/prune.js';
import type { LakeTable } from '../table/lake-table.js';
import { dottedName } from '../table/table-name.js';
import { requestColumns } from './lake-query.js';
import type { LakeReasonCode } from './reason-codes.js';

/** A conjunct of a request, and why it is left to the engine where it is. */
export interface Judged {
  readonly filter: Expr;
  readonly text: string;
  readonly refusal: { readonly code: string; readonly why: string } | undefined;
}

export function filterDecision({ filter, text, refusal }: Judged, sourceId: string): Decision {
  const piece = filter.kind === 'in-key-set' ? 'key-set' : 'filter';
  if (refusal !== undefined) return { piece, text, outcome: 'kept', ...refusal, sourceId };
  const why = 'DuckDB evaluates it while it reads the files, and skips what their statistics exclude';
  return { piece, text, outcome: 'pushed', code: 'PUSHED', why, sourceId };
}

export function pruningDecisions(
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

export function aggregateDecision(
  { aggregates = [] }: ScanRequest,
  unsure: string | undefined,
  sourceId: string,
): Decision {
  const code: LakeReasonCode = unsure === undefined ? 'STATISTICS_ANSWER' : 'STATISTICS_UNSURE';
  return {
    piece: 'aggregate',
    text: aggregates.map(({ name }) => name).join(', '),
    outcome: unsure === undefined ? 'pushed' : 'kept',
    code,
    why: unsure ?? 'the statistics of the files are the answer',
    sourceId,
  };
}

export function projectionDecision(request: ScanRequest, table: LakeTable, sourceId: string): Decision {
  const names = request.columns.map((column) => column.name).join(', ');
  const why = `${requestColumns(request).length} of ${table.columns.length} columns are read`;
  return { piece: 'projection', text: names, outcome: 'pushed', code: 'PUSHED', why, sourceId };
}

export function limitDecision(request: ScanRequest, limited: boolean, sourceId: string): Decision {
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

export function nativeText(
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
  const columns = request.columns.map((column) => column.name).join(', ');
  return [
    `read ${headline(table)}: ${columns === '' ? 'row count' : columns}`,
    `  files ${pruned.scans.length} of ${table.files.length}` +
      (groups === undefined ? '' : `, row groups ${groups.matching} of ${groups.total}`) +
      (isRemote ? `, ${megabytes(pruned.bytes)} of ${megabytes(pruned.totalBytes)} MB` : ''),
    ...(texts.length > 0 ? [`  where ${texts.join(' and ')}`] : []),
    ...(limited && request.limit !== undefined ? [`  limit ${request.limit}`] : []),
    ...(limited && request.offset !== undefined ? [`  offset ${request.offset}`] : []),
  ].join('\n');
}

export function headline({ format, name, snapshot }: LakeTable): string {
  return `${format} ${dottedName(name)}${snapshot === undefined ? '' : ` (${snapshot})`}`;
}

function files(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);
}
