import { createPostgresSource } from '@tributary/connector-postgres';
import { createEngine } from '@tributary/core';
import { tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { median } from '../harness/median.js';
import { StatementWatch } from '../peers/statement-watch.js';
import { type Case, milliseconds } from '../report/section.js';
import type { Benchmark } from './benchmark.js';

interface Workload {
  readonly name: string;
  /** The statement of a round, and its parameters. */
  readonly statement: (round: number) => { readonly sql: string; readonly params?: readonly number[] };
  /** Other statements of the kind that are planned first, and not run: a server has planned some before. */
  readonly planned?: number;
  readonly warmUp: number;
  readonly rounds: number;
}

const goalMs = 3;

export const firstStatement: Benchmark = {
  name: 'first-statement',
  summary: 'time from SQL to the first remote statement',
  async run(world, say) {
    const workloads = await allWorkloads();
    await using watch = await StatementWatch.open(world.url);
    await using engine = await createEngine({
      sources: [createPostgresSource('shop', { url: watch.url, schemas: ['public'] })],
      timeoutMs: 600_000,
    });
    const cases: Case[] = [];
    for (const { name, statement, planned = 0, warmUp, rounds } of workloads) {
      for (let round = 1; round <= planned; round++) await engine.explain(statement(-round).sql);
      const times: number[] = [];
      for (let round = 0; round < warmUp + rounds; round++) {
        const { sql, params } = statement(round);
        const seen = watch.next();
        const started = performance.now();
        await using result = await engine.query(sql, { ...(params && { params }) });
        if (round >= warmUp) times.push((await seen) - started);
        for await (const batch of result) void batch;
      }
      const value = median(times);
      say(`${name}: ${milliseconds(value)} ms`);
      cases.push({
        name,
        figures: [
          [
            '95 % below, ms',
            milliseconds(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN),
          ],
        ],
        goals: [
          { name: 'median, ms', value: milliseconds(value), wanted: `below ${goalMs}`, met: value < goalMs },
        ],
      });
    }
    return {
      title: 'From SQL to the first remote statement',
      about: `From the call of \`engine.query\` to the statement's first bytes at the server's port, seen by a TCP proxy. Parsing,
binding, optimising, splitting and rendering are in it; schemas and statistics are known. "New" statements differ each time,
so no plan is reused; some hundreds of their kind were planned before.`,
      cases,
    };
  },
};

async function allWorkloads(): Promise<readonly Workload[]> {
  const tpch = await Promise.all(tpchQueryNumbers.map(tpchQuery));
  const query = (round: number): string => tpch.at(round % tpch.length) ?? '';
  const key = (round: number): number => 1 + 32 * (round % 1_000);
  return [
    {
      name: 'a lookup, new',
      statement: (round) => ({
        sql: `SELECT o_orderdate, o_totalprice FROM orders WHERE o_orderkey = ${key(round)} -- ${round}`,
      }),
      warmUp: 200,
      rounds: 300,
    },
    {
      name: 'a lookup with a parameter, planned before',
      statement: (round) => ({
        sql: 'SELECT o_orderdate, o_totalprice FROM orders WHERE o_orderkey = $1',
        params: [key(round)],
      }),
      warmUp: 200,
      rounds: 300,
    },
    {
      name: 'three tables joined and aggregated, new',
      statement: (round) => ({
        sql: `SELECT c_name, count(*) AS lines, sum(l_extendedprice * (1 - l_discount)) AS revenue
          FROM customer JOIN orders ON o_custkey = c_custkey JOIN lineitem ON l_orderkey = o_orderkey
          WHERE c_custkey = ${key(round)} AND l_shipdate > DATE '1995-03-15'
          GROUP BY c_name ORDER BY revenue DESC LIMIT 10 -- ${round}`,
      }),
      warmUp: 100,
      rounds: 200,
    },
    {
      name: 'the 22 of TPC-H, new',
      statement: (round) => ({ sql: `${query(round)} -- ${round}` }),
      planned: 440,
      warmUp: 22,
      rounds: 88,
    },
    {
      name: 'the 22 of TPC-H, planned before',
      statement: (round) => ({ sql: query(round) }),
      warmUp: 22,
      rounds: 44,
    },
  ];
}
