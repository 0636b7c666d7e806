import type { Engine } from '@tributary/core';

/** A part of a table that is read into an aggregate. */
export interface Reading {
  readonly name: string;
  readonly table: 'orders' | 'lineitem';
  readonly columns: readonly string[];
  /** Reads all the columns; approx_count_distinct is nothing that a source has, or has with DuckDB's result. */
  readonly select: string;
}

export const readings: readonly Reading[] = [
  {
    name: 'orders, 2 columns',
    table: 'orders',
    columns: ['o_custkey', 'o_totalprice'],
    select: 'approx_count_distinct(o_custkey), sum(o_totalprice)',
  },
  {
    name: 'orders, 9 columns',
    table: 'orders',
    columns: [
      'o_orderkey',
      'o_custkey',
      'o_orderstatus',
      'o_totalprice',
      'o_orderdate',
      'o_orderpriority',
      'o_clerk',
      'o_shippriority',
      'o_comment',
    ],
    select: `approx_count_distinct(o_custkey), sum(o_orderkey), max(o_orderstatus), sum(o_totalprice), max(o_orderdate),
      max(o_orderpriority), max(o_clerk), sum(o_shippriority), max(o_comment)`,
  },
  {
    name: 'lineitem, 3 columns',
    table: 'lineitem',
    columns: ['l_suppkey', 'l_extendedprice', 'l_shipdate'],
    select: 'approx_count_distinct(l_suppkey), sum(l_extendedprice), max(l_shipdate)',
  },
  {
    name: 'lineitem, 6 columns',
    table: 'lineitem',
    columns: ['l_orderkey', 'l_quantity', 'l_extendedprice', 'l_returnflag', 'l_shipdate', 'l_shipmode'],
    select: `approx_count_distinct(l_orderkey), sum(l_quantity), sum(l_extendedprice), max(l_returnflag), max(l_shipdate),
      max(l_shipmode)`,
  },
];

/** Reads through the engine; the answer is one row, as text. */
export async function readAll(engine: Engine, { select, table }: Reading): Promise<string> {
  const result = await engine.query(`SELECT ${select} FROM shop.${table}`);
  const [row = {}] = await result.rows();
  return Object.values(row).map(text).join(', ');
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}

/** Else the benchmark would measure the source's aggregation. */
export async function assertOnlyScanIsRemote(engine: Engine, { select, table }: Reading): Promise<void> {
  const { fragments, residual } = await engine.explain(`SELECT ${select} FROM shop.${table}`);
  const native = fragments.map((fragment) => fragment.native).join('; ');
  if (fragments.length === 1 && residual !== undefined && !/\b(sum|max|count)\(/i.test(native)) return;
  throw new Error(`More than the scan is remote: ${native}`);
}
