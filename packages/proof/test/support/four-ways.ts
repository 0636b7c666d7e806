import { createClickhouseSource } from '@tributary/connector-clickhouse';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createMySqlSource } from '@tributary/connector-mysql';
import { createPostgresSource } from '@tributary/connector-postgres';
import { type Engine, type ExplainDocument, type PieceKind, createEngine } from '@tributary/core';
import {
  type TpchTable,
  loadTpch,
  startClickhouse,
  startMysql,
  startPostgres,
  tpchParquet,
} from '@tributary/testbed';

/** Where each TPC-H table is: in every database two that are often joined. */
const fourWays = {
  postgres: ['customer', 'nation'],
  mysql: ['part', 'partsupp'],
  clickhouse: ['orders', 'lineitem'],
  lake: ['supplier', 'region'],
} as const satisfies Readonly<Record<string, readonly TpchTable[]>>;

/** PostgreSQL, MySQL, ClickHouse and a folder of Parquet files, and an engine that sees each TPC-H table in one of them. */
export class FourWays implements AsyncDisposable {
  readonly engine: Engine;
  readonly #resources: AsyncDisposableStack;

  private constructor(engine: Engine, resources: AsyncDisposableStack) {
    this.engine = engine;
    this.#resources = resources;
  }

  static async open(): Promise<FourWays> {
    await using resources = new AsyncDisposableStack();
    // Statistics of every row and page: plans must not hang on a random sample.
    const postgres = resources.use(await startPostgres({ settings: { default_statistics_target: '1000' } }));
    const mysql = resources.use(
      await startMysql({ settings: { innodb_stats_persistent_sample_pages: '100000' } }),
    );
    const clickhouse = resources.use(await startClickhouse());
    await loadTpch(postgres.url, { tables: fourWays.postgres });
    await loadTpch(mysql.url, { tables: fourWays.mysql });
    await loadTpch(clickhouse.url, { tables: fourWays.clickhouse });
    const engine = await createEngine({
      sources: [
        createPostgresSource('postgres', { url: postgres.url }),
        createMySqlSource('mysql', { url: mysql.url }),
        createClickhouseSource('clickhouse', { url: clickhouse.url }),
        createLakeSource('lake', {
          root: await tpchParquet(0.01),
          tables: Object.fromEntries(fourWays.lake.map((table) => [table, { path: `${table}.parquet` }])),
        }),
      ],
    });
    resources.defer(() => engine.close());
    return new FourWays(engine, resources.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** What the statement does; reading columns and sending keys along are the engine's own additions. */
const operators: readonly PieceKind[] = [
  'filter',
  'join',
  'aggregate',
  'distinct',
  'window',
  'set-operation',
  'sort',
  'top-n',
  'limit',
];

/** `5 of 12 operators (42 %): filter 4 of 4, join 1 of 6, …` */
export function remoteShare({ decisions }: ExplainDocument): string {
  // EXPLAIN says the same piece twice where two fragments have it.
  const pieces = new Map(decisions.map((decision) => [JSON.stringify(decision), decision]));
  const counted = operators.flatMap((piece) => {
    const all = [...pieces.values()].filter(
      (decision) => decision.piece === piece && decision.outcome !== 'dropped',
    );
    const remote = all.filter(({ outcome }) => outcome !== 'kept').length;
    return all.length === 0 ? [] : [{ piece, all: all.length, remote }];
  });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const [remote, all] = [sum(counted.map((each) => each.remote)), sum(counted.map((each) => each.all))];
  const parts = counted.map((each) => `${each.piece} ${each.remote} of ${each.all}`);
  return `${remote} of ${all} operators (${Math.round((100 * remote) / all)} %): ${parts.join(', ')}`;
}
