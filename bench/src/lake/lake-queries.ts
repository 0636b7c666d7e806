/** A query over files, and the least that has to be read for it. */
export interface LakeQuery {
  readonly name: string;
  readonly sql: string;
  readonly chunks: readonly Chunks[];
}

/** Column chunks of a table without which the query has no answer. */
export interface Chunks {
  readonly table: LakeTableName;
  readonly columns: readonly string[];
  /** The row groups, as a condition on DuckDB's parquet_metadata; all when absent. */
  readonly where?: string;
}

export const lakeTableNames = ['lineitem', 'orders', 'lineitem_by_month', 'orders_by_year'] as const;

export type LakeTableName = (typeof lakeTableNames)[number];

export const lakeQueries: readonly LakeQuery[] = [
  {
    name: 'TPC-H q1',
    sql: `SELECT l_returnflag, l_linestatus, sum(l_quantity), sum(l_extendedprice),
        sum(l_extendedprice * (1 - l_discount)), sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)), count(*)
      FROM lineitem WHERE l_shipdate <= DATE '1998-09-02' GROUP BY ALL ORDER BY ALL`,
    chunks: [
      {
        table: 'lineitem',
        columns: [
          'l_returnflag',
          'l_linestatus',
          'l_quantity',
          'l_extendedprice',
          'l_discount',
          'l_tax',
          'l_shipdate',
        ],
      },
    ],
  },
  {
    name: 'TPC-H q6',
    sql: `SELECT sum(l_extendedprice * l_discount) FROM lineitem WHERE l_shipdate >= DATE '1994-01-01'
        AND l_shipdate < DATE '1995-01-01' AND l_discount BETWEEN 0.05 AND 0.07 AND l_quantity < 24`,
    chunks: [{ table: 'lineitem', columns: ['l_extendedprice', 'l_discount', 'l_shipdate', 'l_quantity'] }],
  },
  {
    name: 'TPC-H q12, a join',
    sql: `SELECT l_shipmode, sum(CASE WHEN o_orderpriority IN ('1-URGENT', '2-HIGH') THEN 1 ELSE 0 END), count(*)
      FROM orders JOIN lineitem ON o_orderkey = l_orderkey
      WHERE l_shipmode IN ('MAIL', 'SHIP') AND l_commitdate < l_receiptdate AND l_shipdate < l_commitdate
        AND l_receiptdate >= DATE '1994-01-01' AND l_receiptdate < DATE '1995-01-01'
      GROUP BY l_shipmode ORDER BY l_shipmode`,
    chunks: [
      {
        table: 'lineitem',
        columns: ['l_orderkey', 'l_shipmode', 'l_commitdate', 'l_receiptdate', 'l_shipdate'],
      },
      { table: 'orders', columns: ['o_orderkey', 'o_orderpriority'] },
    ],
  },
  {
    name: 'one narrow column',
    sql: `SELECT count(*) FROM lineitem WHERE l_shipmode = 'AIR'`,
    chunks: [{ table: 'lineitem', columns: ['l_shipmode'] }],
  },
  {
    name: 'one wide column',
    sql: 'SELECT max(l_comment), min(length(l_comment)) FROM lineitem',
    chunks: [{ table: 'lineitem', columns: ['l_comment'] }],
  },
  {
    name: 'a range of keys',
    sql: 'SELECT sum(l_quantity), max(l_comment) FROM lineitem WHERE l_orderkey BETWEEN 2000000 AND 2100000',
    chunks: [
      {
        table: 'lineitem',
        columns: ['l_orderkey', 'l_quantity', 'l_comment'],
        where: groupsOf('l_orderkey', 2_000_000, 2_100_000),
      },
    ],
  },
  {
    name: 'one order',
    sql: 'SELECT * FROM orders WHERE o_orderkey = 3000000',
    chunks: [
      {
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
        where: groupsOf('o_orderkey', 3_000_000, 3_000_000),
      },
    ],
  },
  {
    name: 'groups of a small table',
    sql: 'SELECT o_orderpriority, count(*), sum(o_totalprice) FROM orders GROUP BY ALL ORDER BY ALL',
    chunks: [{ table: 'orders', columns: ['o_orderpriority', 'o_totalprice'] }],
  },
  {
    name: 'many groups',
    sql: 'SELECT o_custkey, sum(o_totalprice) AS total FROM orders GROUP BY o_custkey ORDER BY total DESC, o_custkey LIMIT 10',
    chunks: [{ table: 'orders', columns: ['o_custkey', 'o_totalprice'] }],
  },
  {
    name: 'count(*)',
    sql: 'SELECT count(*) FROM lineitem',
    chunks: [],
  },
  {
    name: 'Hive: one month of 84',
    sql: `SELECT l_shipmode, sum(l_extendedprice * l_discount) FROM lineitem_by_month
      WHERE l_shipyear = 1994 AND l_shipmonth = 6 GROUP BY ALL ORDER BY ALL`,
    chunks: [
      {
        table: 'lineitem_by_month',
        columns: ['l_shipmode', 'l_extendedprice', 'l_discount'],
        where: `file_name LIKE '%l_shipyear=1994/l_shipmonth=6/%'`,
      },
    ],
  },
  {
    name: 'Hive: a year by month',
    sql: `SELECT l_shipmonth, sum(l_quantity), count(DISTINCT l_suppkey) FROM lineitem_by_month
      WHERE l_shipyear = 1995 GROUP BY l_shipmonth ORDER BY l_shipmonth`,
    chunks: [
      {
        table: 'lineitem_by_month',
        columns: ['l_quantity', 'l_suppkey'],
        where: `file_name LIKE '%l_shipyear=1995/%'`,
      },
    ],
  },
  {
    name: 'Hive: rows per year',
    sql: 'SELECT l_shipyear, count(*) FROM lineitem_by_month GROUP BY l_shipyear ORDER BY l_shipyear',
    chunks: [],
  },
  {
    name: 'Hive: two years of orders',
    sql: `SELECT o_orderyear, max(o_comment), sum(o_totalprice) FROM orders_by_year
      WHERE o_orderyear IN (1996, 1997) GROUP BY o_orderyear ORDER BY o_orderyear`,
    chunks: [
      {
        table: 'orders_by_year',
        columns: ['o_comment', 'o_totalprice'],
        where: `regexp_matches(file_name, 'o_orderyear=199[67]/')`,
      },
    ],
  },
];

/** The row groups in which a column's bounds allow a value from the range. */
function groupsOf(column: string, least: number, greatest: number): string {
  return `(file_name, row_group_id) IN (SELECT (file_name, row_group_id) FROM metadata WHERE path_in_schema = '${column}'
    AND stats_min_value::BIGINT <= ${greatest} AND stats_max_value::BIGINT >= ${least})`;
}
