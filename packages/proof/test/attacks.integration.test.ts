import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { answer, comparedModes } from '@tributary/connector-testkit/generate';
import {
  type Engine,
  type FederatedExecuteEvent,
  type PushdownMode,
  createEngine,
  formatExplain,
} from '@tributary/core';
import { type PlainDuckDB, type PostgresServer, openPlainDuckDB, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, visibleText } from './support/failures.js';

const password = 'hunter2-$&:@/ü';
/** Stands in files and variables that no statement may read. */
const canary = 'canary-5b1f';

let server: PostgresServer;
let duckdb: PlainDuckDB;
let client: Client;
let folder: string;
let engine: Engine;
const events: FederatedExecuteEvent[] = [];

function urlWith(secret: string): string {
  return `postgres://reader:${encodeURIComponent(secret)}@${server.host}:${server.port}/${server.database}`;
}

beforeAll(async () => {
  process.env['TRIBUTARY_CANARY'] = canary;
  server = await startPostgres();
  duckdb = await openPlainDuckDB();
  folder = await mkdtemp(join(tmpdir(), 'tributary-attacks-'));
  for (const name of ['lake', 'outside', 'spill']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'outside', 'secret.csv'), `secret\n${canary}\n`);
  await duckdb.run(`COPY (SELECT '${canary}' AS secret) TO '${join(folder, 'outside', 'secret.parquet')}'`);
  await duckdb.run(
    `COPY (SELECT i AS id, 'row ' || i AS text FROM range(10) t(i)) TO '${join(folder, 'lake', 'facts.parquet')}'`,
  );
  client = new Client(server.url);
  await client.connect();
  await client.query('CREATE TABLE few AS SELECT i AS id, i::text AS text FROM generate_series(1, 5) i');
  await client.query(`CREATE ROLE reader LOGIN PASSWORD ${client.escapeLiteral(password)}`);
  await client.query('GRANT pg_read_all_data TO reader');
  engine = await createEngine({
    sources: [
      createPostgresSource('shop', { url: urlWith(password) }),
      createLakeSource('lake', { root: join(folder, 'lake') }),
    ],
    spillDirectory: join(folder, 'spill'),
    views: { pairs: 'SELECT few.id, facts.text FROM few JOIN facts ON facts.id = few.id' },
  });
  engine.on('query.federated.execute', (event) => events.push(event));
});

afterAll(async () => {
  await engine.close();
  await client.end();
  await duckdb[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const outside = (name: string): string => join(folder, 'outside', name);

/** Table expressions that must not be read, wherever they stand. */
const forbiddenRelations: readonly (readonly [name: string, sql: () => string])[] = [
  ['read_csv', () => `read_csv('/etc/passwd')`],
  ['read_csv_auto', () => `read_csv_auto('${outside('secret.csv')}')`],
  ['read_text', () => `read_text('/etc/passwd')`],
  ['read_blob', () => `read_blob('/etc/passwd')`],
  ['read_json', () => `read_json('/etc/passwd')`],
  ['read_ndjson_objects', () => `read_ndjson_objects('/etc/passwd')`],
  ['read_parquet', () => `read_parquet('${outside('secret.parquet')}')`],
  ['parquet_scan of a list', () => `parquet_scan(['${outside('secret.parquet')}'])`],
  ['parquet_metadata', () => `parquet_metadata('${outside('secret.parquet')}')`],
  ['parquet_schema', () => `parquet_schema('${outside('secret.parquet')}')`],
  ['a file of the lake by its path', () => `read_parquet('${join(folder, 'lake', 'facts.parquet')}')`],
  ['the spool by its path', () => `read_parquet('${join(folder, 'spill', '**', '*.parquet')}')`],
  ['glob', () => `glob('/etc/*')`],
  ['sniff_csv', () => `sniff_csv('/etc/passwd')`],
  ['a path as a table', () => `'/etc/passwd'`],
  ['a quoted path as a table', () => `"${outside('secret.parquet')}"`],
  ['a URL as a table', () => `'https://127.0.0.1:1/x.parquet'`],
  ['duckdb_settings', () => 'duckdb_settings()'],
  ['duckdb_secrets', () => 'duckdb_secrets()'],
  ['duckdb_databases', () => 'duckdb_databases()'],
  ['duckdb_tables', () => 'duckdb_tables()'],
  ['duckdb_temporary_files', () => 'duckdb_temporary_files()'],
  ['pragma_database_list', () => 'pragma_database_list()'],
  ['query over settings', () => `query('FROM duckdb_settings()')`],
  ['query over a file', () => `query('SELECT * FROM read_text(''/etc/passwd'')')`],
  ['query with getenv', () => `query('SELECT getenv(''TRIBUTARY_CANARY'') AS x')`],
  ['query_table of a file', () => `query_table('${outside('secret.parquet')}')`],
  ['query_table of a fragment', () => `query_table(['f1'])`],
  ['a fragment by its name', () => 'f1'],
  ['a key set by its name', () => 'k1'],
];

/** Scalars that tell what is none of a statement's business. */
const forbiddenScalars: readonly string[] = [
  `getenv('TRIBUTARY_CANARY')`,
  `current_setting('temp_directory')`,
  `current_setting('allowed_directories')`,
  `(SELECT value FROM duckdb_settings() WHERE name = 'temp_directory')`,
  `pg_read_file('/etc/passwd')`,
  `(SELECT content FROM read_text('/etc/passwd'))`,
  `write_log('x')`,
  `sleep_ms(60000)`,
];

const forbiddenStatements: readonly (() => string)[] = [
  () => `COPY few TO '${outside('stolen.csv')}'`,
  () => `COPY (SELECT 1) TO '${outside('stolen.csv')}'`,
  () => `COPY few FROM '/etc/passwd'`,
  () => `ATTACH '${outside('x.db')}'`,
  () => `ATTACH ':memory:' AS other`,
  () => 'DETACH lake',
  () => 'INSTALL httpfs',
  () => 'LOAD httpfs',
  () => 'FORCE INSTALL httpfs',
  () => `SET memory_limit = '1TB'`,
  () => 'SET enable_external_access = true',
  () => 'SET GLOBAL threads = 64',
  () => 'RESET memory_limit',
  () => 'PRAGMA database_list',
  () => 'PRAGMA enable_profiling',
  () => `CALL pragma_version()`,
  () => `EXPORT DATABASE '${outside('dump')}'`,
  () => `IMPORT DATABASE '${outside('dump')}'`,
  () => 'CREATE TABLE mine AS SELECT 1',
  () => 'CREATE TEMP TABLE mine (x INTEGER)',
  () => `CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')`,
  () => 'CREATE FUNCTION mine() AS 1',
  () => 'INSERT INTO few VALUES (1)',
  () => 'UPDATE few SET id = 0',
  () => 'DELETE FROM few',
  () => 'DROP TABLE few',
  () => 'ALTER TABLE few ADD COLUMN x INTEGER',
  () => 'TRUNCATE few',
  () => 'BEGIN',
  () => 'COMMIT',
  () => 'CHECKPOINT',
  () => 'VACUUM',
  () => 'USE lake',
  () => 'PREPARE p AS SELECT 1',
  () => 'EXECUTE p',
  () => 'SELECT 1; SELECT 2',
  () => 'SELECT 1; DROP TABLE few',
  () => `SELECT 1; COPY few TO '${outside('stolen.csv')}'`,
  () => `CREATE VIEW mine AS SELECT 1; COPY few TO '${outside('stolen.csv')}'`,
];

async function expectRefused(sql: string, pushdown: PushdownMode = 'auto'): Promise<void> {
  const error = await failureOf(engine, sql, { pushdown });
  expect(error.code, `${sql}: ${error.message}`).toMatch(/^SQL\./);
  expect(visibleText(error)).not.toContain(canary);
  expect(visibleText(error)).not.toContain('root:');
}

describe.each(comparedModes)('no statement reaches out of its room, pushdown %s', (pushdown) => {
  it.each(forbiddenRelations)('by %s', async (_, relation) => {
    await expectRefused(`SELECT * FROM ${relation()}`, pushdown);
    await expectRefused(`SELECT count(*) FROM few, ${relation()} AS other`, pushdown);
    await expectRefused(`SELECT id FROM facts WHERE EXISTS (SELECT 1 FROM ${relation()} AS other)`, pushdown);
    await expectRefused(
      `WITH c AS (SELECT * FROM ${relation()}) SELECT few.id FROM few JOIN c ON true`,
      pushdown,
    );
    // An operator that no importer knows takes the statement down the other path: its text as it is.
    await expectRefused(`SELECT * FROM (SELECT * FROM ${relation()}) AS t USING SAMPLE 3 ROWS`, pushdown);
  });

  it.each(forbiddenScalars)('by %s', async (scalar) => {
    await expectRefused(`SELECT ${scalar}`, pushdown);
    await expectRefused(`SELECT id, ${scalar} AS x FROM few`, pushdown);
    await expectRefused(`SELECT id FROM facts WHERE text <> CAST(${scalar} AS VARCHAR)`, pushdown);
    await expectRefused(`SELECT id, ${scalar} AS x FROM facts USING SAMPLE 3 ROWS`, pushdown);
  });
});

describe('no statement but a SELECT runs', () => {
  it.each(forbiddenStatements.map((statement) => [String(statement).slice(6), statement] as const))(
    '%s',
    async (_, statement) => {
      const before = await readdir(join(folder, 'outside'));
      const error = await failureOf(engine, statement());
      expect(error.code).toMatch(/^SQL\./);
      expect(await readdir(join(folder, 'outside'))).toEqual(before);
      expect((await answer(engine, 'SELECT count(*) FROM few')).rows).toEqual([['5']]);
    },
  );

  it.each(forbiddenRelations)('and no view over %s', async (_, relation) => {
    const defining = answer(engine, `CREATE OR REPLACE VIEW sly AS SELECT * FROM ${relation()}`);
    const defined = await defining.then(
      () => true,
      () => false,
    );
    if (defined) {
      await expectRefused('SELECT * FROM sly');
      await answer(engine, 'DROP VIEW sly');
    }
  });
});

const hostileTexts: readonly string[] = [
  `'; DROP TABLE few; --`,
  `" OR 1=1 --`,
  `\\'; SELECT pg_sleep(10); --`,
  `$$ || pg_sleep(10) || $$`,
  `E'\\x27'`,
  `{"a": [1, "it's"]}`,
  `%_\\`,
  `tab\tline\nend`,
  `\u202Eright-to-left 日本 😀`,
  `?`,
  `$1`,
  `:name`,
  `⟦1⟧`,
  `\\copy few to '/tmp/x'`,
  `x`.repeat(100_000),
];

describe('hostile texts are texts', () => {
  it.each(hostileTexts.map((text) => [inspect(text.slice(0, 40)), text] as const))(
    'as a parameter and as a literal: %s',
    async (_, text) => {
      const literal = `'${text.replaceAll("'", "''")}'`;
      await client.query('CREATE TABLE IF NOT EXISTS texts (id bigint, text text)');
      await client.query('TRUNCATE texts');
      await client.query('INSERT INTO texts VALUES (1, $1), (2, $2)', [text, 'other']);
      const expected = [['1', `'${text}'`]];
      for (const pushdown of comparedModes) {
        const run = async (
          sql: string,
          params: readonly string[] | Record<string, string>,
        ): Promise<unknown> => (await answer(engine, sql, { params, pushdown })).rows;
        expect(await run('SELECT id, text FROM texts WHERE text = $1', [text])).toEqual(expected);
        expect(
          await run('SELECT id, text FROM texts WHERE text IN ($a, $b)', { a: text, b: 'none' }),
        ).toEqual(expected);
        expect(await run('SELECT id, $1 AS text FROM texts WHERE id = 1', [text])).toEqual(expected);
        expect(await run(`SELECT id, text FROM texts WHERE text = ${literal}`, [])).toEqual(expected);
        expect(
          await run(
            `SELECT t.id, t.text FROM texts t JOIN facts ON facts.id = t.id WHERE t.text = ${literal} AND facts.text <> $1`,
            [text],
          ),
        ).toEqual(expected);
      }
      expect((await answer(engine, 'SELECT count(*) FROM few')).rows).toEqual([['5']]);
    },
  );
});

const hostileNames: readonly string[] = [
  `it's`,
  `two "quotes"`,
  `a.b.c`,
  `semi;colon`,
  `x; DROP TABLE few; --`,
  `select`,
  `Select From`,
  ` leading and trailing `,
  `back\\slash`,
  `$1`,
  `日本 😀`,
  `é`,
  `UPPER`,
  `f1`,
  `k1`,
  `%s`,
  `-- comment`,
  `/* comment */`,
];

describe('hostile names are names', () => {
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

  it.each(hostileNames)('of tables and columns in PostgreSQL: %s', async (name) => {
    await client.query(`CREATE TABLE ${quote(name)} (${quote(name)} bigint, ${quote(`${name}2`)} text)`);
    await client.query(`INSERT INTO ${quote(name)} VALUES (1, 'one'), (2, 'two')`);
    for (const pushdown of comparedModes) {
      const column = quote(name);
      const run = async (sql: string): Promise<unknown> => (await answer(engine, sql, { pushdown })).rows;
      expect(await run(`SELECT ${column} FROM shop.public.${quote(name)} WHERE ${column} > 1`)).toEqual([
        ['2'],
      ]);
      expect(
        await run(
          `SELECT ${quote(`${name}2`)} AS ${column}, count(*) FROM shop.public.${quote(name)} GROUP BY 1 ORDER BY 1`,
        ),
      ).toEqual([
        [`'one'`, '1'],
        [`'two'`, '1'],
      ]);
      expect(
        await run(
          `SELECT x.${column} FROM shop.public.${quote(name)} AS x JOIN facts ON facts.id = x.${column} ORDER BY 1`,
        ),
      ).toEqual([['1'], ['2']]);
    }
    await client.query(`DROP TABLE ${quote(name)}`);
  });

  it.each(hostileNames.filter((name) => !name.includes('/')))(
    'of files and columns in the lake: %s',
    async (name) => {
      const path = join(folder, 'lake', `${name}.parquet`).replaceAll("'", "''");
      await duckdb.run(`COPY (SELECT 1 AS ${quote(name)}, 'one' AS text) TO '${path}'`);
      await engine.refresh('lake');
      for (const pushdown of comparedModes) {
        const { rows } = await answer(
          engine,
          `SELECT x.${quote(name)} FROM lake.${quote(name)} AS x JOIN few ON few.id = x.${quote(name)}`,
          { pushdown },
        );
        expect(rows).toEqual([['1']]);
      }
      await rm(join(folder, 'lake', `${name}.parquet`));
    },
  );
});

describe('secrets stay secret', () => {
  const queries = [
    'SELECT * FROM few',
    'SELECT * FROM pairs',
    'SELECT count(*) FROM few JOIN facts ON facts.id = few.id',
  ];

  const expectClean = (text: string): void => {
    for (const form of [password, encodeURIComponent(password), 'hunter2']) expect(text).not.toContain(form);
  };

  it.each(queries)('in plans and events of %s', async (sql) => {
    const from = events.length;
    const plan = await engine.explain(sql, { analyze: true });
    for (const format of ['text', 'json', 'mermaid'] as const) expectClean(formatExplain(plan, format));
    expect(events.length).toBeGreaterThan(from);
    expectClean(JSON.stringify(events));
    expectClean(inspect(events, { depth: 20 }));
  });

  it('in sources, however they are printed', () => {
    expectClean(inspect(engine.sources(), { depth: 20, showHidden: true }));
    expectClean(JSON.stringify(engine.sources()));
    expectClean(inspect(engine, { depth: 20, showHidden: true }));
  });

  it('in errors, their causes and their JSON', async () => {
    await client.query(`ALTER ROLE reader PASSWORD 'changed'`);
    try {
      await using late = await createEngine({
        sources: [createPostgresSource('shop', { url: urlWith(password) })],
      });
      const refused = await failureOf(late, 'SELECT * FROM few');
      expect(refused.code).toBe('SOURCE.AUTHENTICATION');
      expectClean(visibleText(refused));
      expectClean(inspect(refused, { depth: 20, showHidden: true }));
    } finally {
      await client.query(`ALTER ROLE reader PASSWORD ${client.escapeLiteral(password)}`);
    }
    await using elsewhere = await createEngine({
      sources: [createPostgresSource('shop', { url: urlWith(password).replace(String(server.port), '1') })],
    });
    const unreachable = await failureOf(elsewhere, 'SELECT * FROM few');
    expect(unreachable.code).toBe('SOURCE.UNREACHABLE');
    expectClean(visibleText(unreachable));
    expectClean(inspect(unreachable, { depth: 20, showHidden: true }));
  });

  it('in errors of a configuration that is wrong', () => {
    for (const url of [
      `${urlWith(password)}?sslmode=nonsense`,
      `mysql://reader:${encodeURIComponent(password)}@x/y`,
      `postgres://reader:${password}@[x/y`,
    ]) {
      try {
        createPostgresSource('shop', { url });
      } catch (error) {
        expectClean(visibleText(error));
      }
    }
  });
});
