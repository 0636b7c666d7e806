import {
  type ExecuteContext,
  type Expr,
  type ParameterValues,
  type RelationResult,
  type ScanColumn,
  TributaryError,
  literal,
  rewriteExpr,
  sameType,
  typeName,
} from '@tributary/connector-sdk';
import { type BloomCache, bloomPrune } from '../prune/bloom-prune.js';
import { type PrunedScan, prune } from '../prune/prune.js';
import { scanRelation } from '../sql/scan.js';
import type { FileAccess } from '../source/file-access.js';
import { type LakeTable, type TableFile, findColumn } from '../table/lake-table.js';
import { dottedName } from '../table/table-name.js';
import { describeEnough, enoughFor } from './early-stop.js';
import { mayHoldZero, rangesForZero } from './float-zero.js';
import { keyRanges, sortedKeys } from './key-bounds.js';
import { exactAnswer } from './exact-answer.js';
import { answerQuery, lakeQuery, requestColumns } from './lake-query.js';
import type { ScanState } from './plan-scan.js';
import { isCountedByLog, stageScans } from './stage-scans.js';

/** What a run needs beside the plan. */
export interface ScanRun {
  readonly sourceId: string;
  readonly access: FileAccess;
  readonly blooms: BloomCache;
  /** Reads footers that planning did without. */
  describe(table: LakeTable, files: readonly TableFile[], signal: AbortSignal): Promise<LakeTable>;
}

/**
 * The statement that answers a plan, over the files as they are now: pruned once more, with the values of parameters
 * and key sets, and staged where DuckDB can read them.
 */
export async function runScan(
  state: ScanState,
  now: LakeTable,
  ctx: ExecuteContext,
  run: ScanRun,
): Promise<RelationResult> {
  const { request } = state;
  const { sourceId, access } = run;
  checkFiles(state, now, sourceId);
  checkColumns(state, now, sourceId);
  const isLookedUp = state.aggregated && now.sampled === true;
  const seen = isLookedUp ? await run.describe(now, now.files, ctx.signal) : now;
  const known = knownAnswer(state, seen);
  if (known !== undefined) return known;
  const filters = state.filters
    .filter((filter) => filter.kind !== 'in-key-set' || ctx.keySets.has(filter.keySet))
    .map((filter) => bindParameters(filter, ctx.parameters, sourceId));
  const columns = requestColumns(request);
  const conditions = { filters, columns, keySets: sortedKeys(filters, ctx.keySets) };
  const wanted = columns.flatMap((column) => findColumn(seen.columns, column.name) ?? []);
  const judge = (over: LakeTable): PrunedScan => {
    const all = prune(over, conditions);
    return access.isRemote && state.limited ? enoughFor(request, all) : all;
  };
  const first = judge(seen);
  const needed = access.isRemote ? first.scans.filter((scan) => !isCountedByLog(scan, wanted)) : first.scans;
  const files = first.scans.map(({ file }) => file);
  const toDescribe = needed.map(({ file }) => file);
  const table =
    state.limited && seen.sampled === true
      ? await describeEnough(
          request,
          { ...seen, files },
          {
            batch: access.parallel,
            describe: (over) => run.describe(over, over.files, ctx.signal),
            prune: (over) => prune(over, conditions),
          },
        )
      : await run.describe({ ...seen, files }, toDescribe, ctx.signal);
  const judged = judge(table);
  const pruned = access.isRemote ? await withBlooms(judged, table, { filters, columns }, ctx, run) : judged;
  const staging = await stageScans(pruned.scans, wanted, { ...run, ctx });
  try {
    const ranges = keyRanges(filters, ctx.keySets);
    const asked = [...ranges, ...filters].filter((filter) => !mayHoldZero(filter)).map(rangesForZero);
    const sql = lakeQuery(request, asked, table, staging.files, {
      sourceId,
      limited: state.limited,
      aggregated: state.aggregated,
      keySetRelation: (id) => keySetRelation(id, ctx, sourceId),
      expectedRows: expectedRows(state, pruned.rows, ctx),
    });
    const rows = exactRows(pruned, table, state);
    return {
      kind: 'relation',
      sql,
      bytes: staging.fetchedBytes ?? pruned.bytes,
      ...(rows !== undefined && { rows }),
      parts: () =>
        staging.files
          .filter(({ kind }) => kind === 'read')
          .map((file) => ({
            object: file.file.file.path,
            sql: `SELECT * FROM ${scanRelation(table, [file], columns)} AS part`,
          })),
      release: () => staging.release(),
    };
  } catch (error) {
    await staging.release();
    throw error;
  }
}

/** What planning promised to look up, if the files still say it: they may be others now. */
function knownAnswer({ request, aggregated }: ScanState, table: LakeTable): RelationResult | undefined {
  const { aggregates = [], columns } = request;
  if (!aggregated) return undefined;
  const answer = exactAnswer(table, aggregates, columns);
  if (answer.kind === 'unsure') return undefined;
  const sql = answerQuery(aggregates, answer.values);
  return { kind: 'relation', sql, rows: 1, bytes: 0, release: () => Promise.resolve() };
}

/** A scan whose rows all pass has no use for Bloom filters. */
async function withBlooms(
  pruned: PrunedScan,
  table: LakeTable,
  conditions: { readonly filters: readonly Expr[]; readonly columns: readonly ScanColumn[] },
  { keySets, signal }: ExecuteContext,
  { sourceId, access, blooms }: ScanRun,
): Promise<PrunedScan> {
  if (pruned.exact) return pruned;
  const { store, parallel } = access;
  const reader = { sourceId, store, parallel, signal, blooms };
  const scans = await bloomPrune(pruned.scans, table, { ...conditions, keySets }, reader);
  return { ...pruned, scans };
}

/** DuckDB takes this share of the rows to pass the filters of a scan, whatever they are. */
const duckdbSelectivity = 0.2;

/**
 * How many rows DuckDB is to think there are, so that it expects as many to pass the filters as the engine does. More than
 * there are keys, for it is to look the rows up in the keys and not the keys in the rows; never more than there are.
 */
function expectedRows(
  { request, filters, limited, aggregated }: ScanState,
  stored: number,
  ctx: ExecuteContext,
): number | undefined {
  if (limited || aggregated) return undefined;
  const left = Math.max(request.estimate.rows, ...[...ctx.keySets.values()].map(({ count }) => 4 * count));
  return Math.min(stored, filters.length === 0 ? left : left / duckdbSelectivity);
}

/** Rows of the answer where footers settle it. */
function exactRows(pruned: PrunedScan, table: LakeTable, state: ScanState): number | undefined {
  if (state.aggregated) return 1;
  if (table.format !== 'parquet' || !pruned.exact) return undefined;
  if (!state.limited) return pruned.rows;
  const { limit, offset = 0 } = state.request;
  return Math.min(Math.max(pruned.rows - offset, 0), limit ?? Number.POSITIVE_INFINITY);
}

function bindParameters(filter: Expr, parameters: ParameterValues, sourceId: string): Expr {
  return rewriteExpr(filter, (expr) => {
    if (expr.kind !== 'parameter') return expr;
    const given = parameters.get(expr.name);
    if (given !== undefined) {
      const value = literal(given.type, given.value);
      return sameType(given.type, expr.type)
        ? value
        : { kind: 'cast', arg: value, type: expr.type, try: false };
    }
    throw new TributaryError('SQL.PARAMETER', {
      message: `Parameter $${expr.name} has no value.`,
      sourceId,
    });
  });
}

function keySetRelation(id: string, ctx: ExecuteContext, sourceId: string): string {
  const keySet = ctx.keySets.get(id);
  if (keySet !== undefined) return keySet.relation;
  throw new TributaryError('ENGINE.INTERNAL', { message: `Key set ${id} has no values.`, sourceId });
}

function checkFiles(state: ScanState, table: LakeTable, sourceId: string): void {
  if (table.snapshot !== undefined) return;
  const present = new Set(table.files.map(({ file }) => file.path));
  const missing = state.files.find((path) => !present.has(path));
  if (missing === undefined) return;
  throw new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `${missing}, a file of table ${dottedName(table.name)}, has gone since the query was planned.`,
    sourceId,
    object: missing,
  });
}

function checkColumns(state: ScanState, table: LakeTable, sourceId: string): void {
  for (const column of requestColumns(state.request)) {
    const now = findColumn(table.columns, column.name);
    const sameNulls = now?.nullable === false || column.nullable;
    if (now !== undefined && sameType(now.type, column.type) && sameNulls) continue;
    const change =
      now === undefined
        ? 'has gone'
        : sameType(now.type, column.type)
          ? 'has NULLs now'
          : `has become ${typeName(now.type)}`;
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message:
        `Column "${column.name}" of table ${dottedName(table.name)}, ${typeName(column.type)} when the query ` +
        `was planned, ${change}: its files have changed.`,
      sourceId,
      object: dottedName(table.name),
    });
  }
}
