import {
  type Column,
  type DataType,
  type Expr,
  type KeySetId,
  type Rel,
  type ScanColumn,
  compare,
  columnRef,
} from '@tributary/contract';
import type { FederatedPlan, Fragment, KeySetEdge, Residual } from '../../src/plan/federated-plan.js';
import type { MemorySource } from './memory-source.js';

export const bigint: DataType = { id: 'bigint' };
export const varchar: DataType = { id: 'varchar' };

export function scanColumn(id: number, name: string, type: DataType): ScanColumn {
  return { id, name, type, nullable: true, comparison: 'ordered' };
}

/** A fragment that scans a table of a source, cut by key sets of its first column. */
export function scanFragment(
  id: string,
  source: MemorySource,
  table: string,
  columns: readonly ScanColumn[],
  keySets: readonly KeySetId[] = [],
): Fragment {
  const [first] = columns;
  if (first === undefined) throw new TypeError('a fragment has columns');
  const filters = keySets.map((keySet): Expr => ({ kind: 'in-key-set', keySet, args: [columnRef(first)] }));
  const scan: Rel = { kind: 'scan', source: source.sourceId, table: [table], columns };
  const estimate = { rows: 1000, bytes: 8000 };
  return {
    id,
    sourceId: source.sourceId,
    relation: filters.length === 0 ? scan : { kind: 'filter', input: scan, predicates: filters },
    columns,
    remote: source.planRemoteQuery({
      kind: 'scan',
      table: [table],
      columns,
      filters,
      filterColumns: [],
      keySets: keySets.map((keySet) => ({ id: keySet, columns: [first], estimatedKeys: 10 })),
      estimate,
    }),
    estimate,
    statistics: 'default',
  };
}

export function remote(fragment: Fragment): Rel {
  return { kind: 'remote', fragment: fragment.id, columns: fragment.columns };
}

/** An inner join on the first columns of both. */
export function joinOf(left: Fragment, right: Fragment): Rel {
  const [leftKey, rightKey] = [left.columns[0], right.columns[0]];
  if (leftKey === undefined || rightKey === undefined) throw new TypeError('a fragment has columns');
  return {
    kind: 'join',
    type: 'inner',
    left: remote(left),
    right: remote(right),
    on: [compare('=', columnRef(leftKey), columnRef(rightKey))],
  };
}

export function keySetEdge(
  id: KeySetId,
  producer: Fragment,
  consumer: Fragment,
  maxKeys: number,
): KeySetEdge {
  const [key] = producer.columns;
  if (key === undefined) throw new TypeError('a fragment has columns');
  return {
    id,
    producer: remote(producer),
    keys: [key.id],
    keyColumns: [key],
    consumer: consumer.id,
    maxKeys,
    emptySkips: true,
    estimate: { keys: 10, rowsWithout: 1000, rowsWith: 10 },
  };
}

export function planOf(
  fragments: readonly Fragment[],
  residual: Residual,
  output: readonly Column[],
  keySets: readonly KeySetEdge[] = [],
): FederatedPlan {
  return {
    sql: 'SELECT …',
    mode: 'auto',
    fragments,
    keySets,
    held: [],
    residual,
    output: output.map(({ name, type }) => ({ name, type })),
    decisions: [],
    parameters: [],
  };
}

/** The one fragment is the answer. */
export function passThroughPlan(fragment: Fragment): FederatedPlan {
  return planOf([fragment], { kind: 'none', fragment: fragment.id }, fragment.columns);
}
