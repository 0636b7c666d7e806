import {
  type Column,
  type Project,
  type Rel,
  type Scan,
  type ScanColumn,
  columnRef,
  outputOf,
  plain,
  visitRel,
} from '@tributary/connector-sdk';
import { type DescribedTables, FreshIds, type ReadForm, withReadForms } from '@tributary/connector-sdk/sql';
import { isWidened, readFunction, wireFunction } from '../dialect/private-functions.js';
import { type MappedType, type TypeOptions, mapType } from '../types/column-type.js';

/**
 * A relation as it is rendered: columns read in the form that has their type's semantics, and every column of the answer in the type
 * in which it shall arrive.
 */
export function prepareRelation(rel: Rel, tables: DescribedTables, options: TypeOptions): Rel {
  const mappedOf = (column: ScanColumn, scan: Scan): MappedType | undefined => {
    const described = tables.of(scan)?.schema.columns.find(({ name }) => name === column.name);
    return described && mapType(described.nativeType, options);
  };
  const ids = new FreshIds(rel);
  const formed = withReadForms(rel, (column, scan) => readForm(column, mappedOf(column, scan)), ids);
  const asTheyCome = new Set<number>();
  visitRel(rel, (node) => {
    if (node.kind !== 'scan') return;
    for (const column of node.columns) {
      const mapped = mappedOf(column, node);
      if (mapped !== undefined && (mapped.form !== 'plain' || mapped.isOnWire)) asTheyCome.add(column.id);
    }
  });
  return withWireTypes(formed, asTheyCome, ids);
}

function readForm(column: ScanColumn, mapped: MappedType | undefined): ReadForm | undefined {
  // A table that another source of the same server has described: text of unknown making is cast to be on the safe side.
  const unknown = column.type.id === 'enum' || column.type.id === 'varchar' ? 'text' : 'plain';
  const form = mapped?.form ?? unknown;
  if (form === 'plain') return undefined;
  return (ref) => ({ kind: 'call', fn: readFunction(form), args: [ref], type: column.type });
}

/**
 * Converts the columns of the answer, each row for itself and so below a limit as well: above it the statement would be a sub-select
 * whose order nothing promises.
 */
function withWireTypes(rel: Rel, asTheyCome: ReadonlySet<number>, ids: FreshIds): Rel {
  if (rel.kind === 'limit') return { ...rel, input: withWireTypes(rel.input, asTheyCome, ids) };
  if (rel.kind === 'with') return { ...rel, body: withWireTypes(rel.body, asTheyCome, ids) };
  if (rel.kind === 'project' && rel.input.kind === 'limit') {
    const { input } = rel.input;
    return { ...rel.input, input: withWireTypes({ ...rel, input }, asTheyCome, ids) };
  }
  const output = outputOf(rel);
  const isUnique = new Set(output.map(({ name }) => name)).size === output.length;
  const isReady = (column: Column): boolean => asTheyCome.has(column.id) || !isWidened(column.type);
  if (isUnique && output.every(isReady)) return rel;
  return { kind: 'project', input: rel, columns: wireColumns(output, isReady, isUnique, ids) };
}

/** ClickHouse takes no two columns of one name. */
function wireColumns(
  output: readonly Column[],
  isReady: (column: Column) => boolean,
  isUnique: boolean,
  ids: FreshIds,
): Project['columns'] {
  return output.map((column, i) => {
    const ref = columnRef(column);
    return {
      ...plain(column),
      name: isUnique ? column.name : `c${i}`,
      id: ids.take(),
      expr: isReady(column) ? ref : { kind: 'call', fn: wireFunction, args: [ref], type: column.type },
    };
  });
}
