/** A TPC-H table, in the SQL that PostgreSQL, MySQL and ClickHouse have in common. */
export interface TpchTableDefinition {
  /** The column list of CREATE TABLE. Keys are bigint, as tpchgen makes them; char(n) is varchar(n). */
  readonly columns: string;
  readonly primaryKey: string;
  /** Foreign-key columns and the dates that queries range over, one index each. */
  readonly indexes: readonly string[];
}

/** The tables of TPC-H (specification 3.0.1, section 1.4), small ones first. */
export const tpchTables = {
  region: {
    columns: 'r_regionkey bigint NOT NULL, r_name varchar(25) NOT NULL, r_comment varchar(152) NOT NULL',
    primaryKey: 'r_regionkey',
    indexes: [],
  },
  nation: {
    columns: `n_nationkey bigint NOT NULL, n_name varchar(25) NOT NULL, n_regionkey bigint NOT NULL,
      n_comment varchar(152) NOT NULL`,
    primaryKey: 'n_nationkey',
    indexes: ['n_regionkey'],
  },
  supplier: {
    columns: `s_suppkey bigint NOT NULL, s_name varchar(25) NOT NULL, s_address varchar(40) NOT NULL,
      s_nationkey bigint NOT NULL, s_phone varchar(15) NOT NULL, s_acctbal numeric(15, 2) NOT NULL,
      s_comment varchar(101) NOT NULL`,
    primaryKey: 's_suppkey',
    indexes: ['s_nationkey'],
  },
  customer: {
    columns: `c_custkey bigint NOT NULL, c_name varchar(25) NOT NULL, c_address varchar(40) NOT NULL,
      c_nationkey bigint NOT NULL, c_phone varchar(15) NOT NULL, c_acctbal numeric(15, 2) NOT NULL,
      c_mktsegment varchar(10) NOT NULL, c_comment varchar(117) NOT NULL`,
    primaryKey: 'c_custkey',
    indexes: ['c_nationkey'],
  },
  part: {
    columns: `p_partkey bigint NOT NULL, p_name varchar(55) NOT NULL, p_mfgr varchar(25) NOT NULL,
      p_brand varchar(10) NOT NULL, p_type varchar(25) NOT NULL, p_size integer NOT NULL,
      p_container varchar(10) NOT NULL, p_retailprice numeric(15, 2) NOT NULL, p_comment varchar(23) NOT NULL`,
    primaryKey: 'p_partkey',
    indexes: [],
  },
  partsupp: {
    columns: `ps_partkey bigint NOT NULL, ps_suppkey bigint NOT NULL, ps_availqty integer NOT NULL,
      ps_supplycost numeric(15, 2) NOT NULL, ps_comment varchar(199) NOT NULL`,
    primaryKey: 'ps_partkey, ps_suppkey',
    indexes: ['ps_suppkey'],
  },
  orders: {
    columns: `o_orderkey bigint NOT NULL, o_custkey bigint NOT NULL, o_orderstatus varchar(1) NOT NULL,
      o_totalprice numeric(15, 2) NOT NULL, o_orderdate date NOT NULL, o_orderpriority varchar(15) NOT NULL,
      o_clerk varchar(15) NOT NULL, o_shippriority integer NOT NULL, o_comment varchar(79) NOT NULL`,
    primaryKey: 'o_orderkey',
    indexes: ['o_custkey', 'o_orderdate'],
  },
  lineitem: {
    columns: `l_orderkey bigint NOT NULL, l_partkey bigint NOT NULL, l_suppkey bigint NOT NULL,
      l_linenumber integer NOT NULL, l_quantity numeric(15, 2) NOT NULL, l_extendedprice numeric(15, 2) NOT NULL,
      l_discount numeric(15, 2) NOT NULL, l_tax numeric(15, 2) NOT NULL, l_returnflag varchar(1) NOT NULL,
      l_linestatus varchar(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL,
      l_receiptdate date NOT NULL, l_shipinstruct varchar(25) NOT NULL, l_shipmode varchar(10) NOT NULL,
      l_comment varchar(44) NOT NULL`,
    primaryKey: 'l_orderkey, l_linenumber',
    indexes: ['l_partkey, l_suppkey', 'l_suppkey', 'l_shipdate'],
  },
} as const satisfies Readonly<Record<string, TpchTableDefinition>>;

export type TpchTable = keyof typeof tpchTables;

/** All eight, small ones first. */
export const tpchTableNames = Object.keys(tpchTables) as readonly TpchTable[];
