import type { Engine } from '@tributary/core';
import { sideBySide } from '../harness/side-by-side.js';
import { DiscardedCopy } from '../peers/discarded-copy.js';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, atLeast, msFigures } from '../report/section.js';
import type { World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';

interface Reading {
  readonly name: string;
  readonly table: 'orders' | 'lineitem';
  readonly columns: readonly string[];
  /** Reads all the columns; approx_count_distinct is nothing that PostgreSQL has. */
  readonly select: string;
}

const readings: readonly Reading[] = [
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

/** The engine's default number of connections for one large table. */
const connections = 3;

export const bulk: Benchmark = {
  name: 'bulk',
  summary: 'a table read into an aggregate that PostgreSQL cannot take',
  async run(world, say) {
    await using engine = await world.engine('postgres');
    await using peer = await world.duckdb('postgres');
    const cases: Case[] = [];
    for (const reading of readings) {
      say(reading.name);
      cases.push(await measure(reading, world, engine, peer));
    }
    return {
      title: 'Bulk: a table into an aggregate that PostgreSQL cannot take',
      about: `The whole table crosses the wire. The limit is binary COPY of the same columns over the same ${connections}
connections, its bytes thrown away; the peer is DuckDB with its postgres extension. Ratios are speeds.`,
      cases,
    };
  },
};

async function measure(reading: Reading, world: World, engine: Engine, peer: DuckdbPeer): Promise<Case> {
  const { name, table, columns, select } = reading;
  await using copy = await DiscardedCopy.open(world.url, table, columns, connections);
  await assertOnlyScanIsRemote(engine, `SELECT ${select} FROM shop.${table}`);
  const medians = await sideBySide(
    [
      {
        name: 'tributary',
        run: async () => {
          const result = await engine.query(`SELECT ${select} FROM shop.${table}`);
          const [row = {}] = await result.rows();
          return { answer: Object.values(row).map(text).join(', ') };
        },
      },
      {
        name: 'COPY thrown away',
        run: async () => {
          await copy.run();
          return {};
        },
      },
      {
        name: 'DuckDB + extension',
        run: async () => ({ answer: await peer.firstRow(`SELECT ${select} FROM ${table}`) }),
      },
    ],
    { warmUp: 1, measured: 5 },
  );
  const speed = (other: string): number => (medians.get(other) ?? NaN) / (medians.get('tributary') ?? NaN);
  return {
    name,
    figures: msFigures(medians),
    goals: [
      atLeast('speed of COPY', speed('COPY thrown away'), 0.85),
      atLeast('speed of DuckDB', speed('DuckDB + extension'), 0.95),
    ],
  };
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}

/** Else the benchmark would measure PostgreSQL's aggregation. */
async function assertOnlyScanIsRemote(engine: Engine, sql: string): Promise<void> {
  const { fragments, residual } = await engine.explain(sql);
  const native = fragments.map((fragment) => fragment.native).join('; ');
  if (fragments.length === 1 && residual !== undefined && !/\b(sum|max|count)\(/i.test(native)) return;
  throw new Error(`More than the scan is remote: ${native}`);
}
