import {
  type Expr,
  type KeySetId,
  type KeySetValues,
  type ScanColumn,
  sameType,
} from '@tributary/connector-sdk';
import type { FileReader } from '../files/file-reader.js';
import { mapFiles } from '../files/concurrency.js';
import { bloomHash, readBloomFilter } from '../parquet/bloom-filter.js';
import type { BloomPlace } from '../parquet/footer.js';
import { type LakeColumn, type LakeTable, findColumn, storedColumn } from '../table/lake-table.js';
import type { FileScan } from './prune.js';

/** Keys beyond which a filter is bound to hold one. */
const mostKeys = 256;

/** Values of which a row must have one in a column to pass. */
interface Wanted {
  readonly column: LakeColumn;
  readonly values: readonly string[];
}

/** Bytes of Bloom filters that were fetched. */
export type BloomCache = Map<string, Uint8Array>;

const mostFiltersKept = 4096;

/**
 * Drops row groups whose Bloom filters have none of the values that equalities ask for. A filter is fetched where it is much
 * smaller than what it may spare.
 */
export async function bloomPrune(
  scans: readonly FileScan[],
  table: LakeTable,
  conditions: {
    readonly filters: readonly Expr[];
    readonly columns: readonly ScanColumn[];
    readonly keySets: ReadonlyMap<KeySetId, KeySetValues>;
  },
  reader: FileReader & { readonly blooms: BloomCache },
): Promise<readonly FileScan[]> {
  const named = new Map(conditions.columns.map((column) => [column.id, column.name]));
  const wanted = conditions.filters.flatMap((filter) => {
    const equality = equalityOf(filter, conditions.keySets);
    const name = equality && named.get(equality.column);
    const column = name === undefined ? undefined : findColumn(table.columns, name);
    return equality === undefined || column?.origin !== 'file' ? [] : [{ column, values: equality.values }];
  });
  if (wanted.length === 0) return scans;
  const judged = await mapFiles(
    scans,
    reader.signal,
    (scan) => pruneFile(scan, wanted, reader),
    reader.parallel,
  );
  return judged.filter((scan) => scan.groups?.length !== 0);
}

async function pruneFile(
  scan: FileScan,
  wanted: readonly Wanted[],
  reader: FileReader & { readonly blooms: BloomCache },
): Promise<FileScan> {
  const { groups, file } = scan;
  const { description } = file;
  if (groups === undefined || description?.details.kind !== 'parquet' || groups.length === 0) return scan;
  const { footer } = description.details;
  const spared = scan.bytes / groups.length;
  const kept = await Promise.all(
    groups.map(async (group) => {
      for (const { column, values } of wanted) {
        const own = footer.columns.find(({ name }) => name === storedColumn(description, column)?.name);
        const bloom = own && footer.rowGroups[group]?.columns.get(own.name)?.bloom;
        if (own?.leaf === undefined || bloom === undefined || bloom.length * 4 > spared) continue;
        const { type, leaf } = own;
        if (type.id === 'unsupported' || !sameType(type, column.type)) continue;
        const hashes = values.map((value) => bloomHash(value, type, leaf));
        if (hashes.includes(undefined)) continue;
        const filter = readBloomFilter(await bloomBytes(scan, bloom, reader));
        if (filter !== undefined && !hashes.some((hash) => hash !== undefined && filter.mayHold(hash)))
          return false;
      }
      return true;
    }),
  );
  const left = groups.filter((_, index) => kept[index]);
  if (left.length === groups.length) return scan;
  const rows = left.reduce((sum, group) => sum + (footer.rowGroups[group]?.rows ?? 0), 0);
  return { ...scan, groups: left, rows, bytes: spared * left.length };
}

async function bloomBytes(
  { file: { file } }: FileScan,
  { start, length }: BloomPlace,
  { store, signal, blooms }: FileReader & { readonly blooms: BloomCache },
): Promise<Uint8Array> {
  const key = `${file.key}\0${file.etag}\0${start}`;
  const known = blooms.get(key);
  if (known !== undefined) return known;
  const bytes = await store.read(file.key, { start, end: start + length }, { etag: file.etag, signal });
  blooms.set(key, bytes);
  const [oldest] = blooms.keys();
  if (blooms.size > mostFiltersKept && oldest !== undefined) blooms.delete(oldest);
  return bytes;
}

function equalityOf(
  filter: Expr,
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
): { readonly column: number; readonly values: readonly string[] } | undefined {
  switch (filter.kind) {
    case 'compare': {
      if (filter.op !== '=') return undefined;
      const { left, right } = filter;
      if (left.kind === 'column' && right.kind === 'literal') return valuesOf(left, [right]);
      return right.kind === 'column' && left.kind === 'literal' ? valuesOf(right, [left]) : undefined;
    }
    case 'in':
      return filter.negated || filter.arg.kind !== 'column' ? undefined : valuesOf(filter.arg, filter.list);
    case 'in-key-set': {
      const [arg] = filter.args;
      const values = keySets.get(filter.keySet)?.columns[0];
      const isUsable = arg?.kind === 'column' && values !== undefined && values.length <= mostKeys;
      return isUsable ? { column: arg.id, values } : undefined;
    }
    default:
      return undefined;
  }
}

/** Literals of the column's own type: another one would be stored otherwise. */
function valuesOf(
  column: Expr & { readonly kind: 'column' },
  items: readonly Expr[],
): { readonly column: number; readonly values: readonly string[] } | undefined {
  if (items.length > mostKeys) return undefined;
  const values: string[] = [];
  for (const item of items) {
    if (item.kind !== 'literal' || !sameType(item.type, column.type)) return undefined;
    if (item.value !== null) values.push(item.value);
  }
  return { column: column.id, values };
}
