import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { BlobServiceClient, ContainerSASPermissions } from '@azure/storage-blob';
import { answer } from '@tributary/connector-testkit/generate';
import { type Engine, TributaryError, createEngine } from '@tributary/core';
import {
  type AzuriteServer,
  type PlainDuckDB,
  compareRows,
  openPlainDuckDB,
  startAzurite,
  tpchParquet,
  tpchQuery,
  tpchTableNames,
} from '@tributary/testbed';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AzureSourceOptions, createAzureSource } from '../src/index.js';
import { type AzureRequest, type Fault, FaultyProxy } from './support/faulty-proxy.js';
import { fileBytes } from './support/parquet-bytes.js';

let server: AzuriteServer;
let proxy: FaultyProxy;
let cache: string;
let plain: PlainDuckDB;
beforeAll(async () => {
  server = await startAzurite();
  proxy = await FaultyProxy.before(server.endpoint);
  const folder = await tpchParquet(0.01);
  plain = await openPlainDuckDB(folder);
  for (const table of tpchTableNames) {
    await server.putObject(`tpch/${table}.parquet`, await readFile(join(folder, `${table}.parquet`)));
  }
});
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'lake-cache-'));
});
afterEach(async () => {
  proxy.fault = () => undefined;
  proxy.forget();
  await rm(cache, { recursive: true, force: true });
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function engineOver(folder: string, options: Partial<AzureSourceOptions> = {}): Promise<Engine> {
  const { accountName: account, accountKey, bucket } = server;
  const source = createAzureSource('far', {
    root: `az://${bucket}/${folder}`,
    azure: { endpoint: proxy.endpoint, account, accountKey },
    cache: { directory: cache },
    ...options,
  });
  return createEngine({ sources: [source] });
}

async function rows(engine: Engine, sql: string): Promise<readonly unknown[]> {
  return (await engine.query(sql)).rows();
}

async function failure(engine: Engine, sql: string): Promise<TributaryError> {
  const error: unknown = await rows(engine, sql).catch((reason: unknown) => reason);
  if (error instanceof TributaryError) return error;
  throw new Error(`expected an error, got ${inspect(error)}`);
}

describe('what lies in a container', () => {
  test('TPC-H queries agree with plain DuckDB over the files, and a second run fetches nothing', async () => {
    await using engine = await engineOver('tpch');
    const numbers = [1, 3, 5, 18] as const;
    for (const number of numbers) {
      const sql = await tpchQuery(number);
      const expected = await plain.query(sql);
      const { rows: found } = await answer(engine, sql);
      expect(compareRows(found, expected.rows, { ordered: true }), `q${number}`).toBeUndefined();
    }
    expect(proxy.bytes).toBeGreaterThan(0);
    proxy.forget();
    for (const number of numbers) await answer(engine, await tpchQuery(number));
    expect(proxy.bytes).toBe(0);
  });

  test('Hive folders, text, compressed text and hostile names are tables, pushed or not', async () => {
    for (const year of [2024, 2025]) {
      await server.putObject(
        `mixed/events/year=${year}/kind=a%20b/x.parquet`,
        await fileBytes(`SELECT ${year} * 10 AS n`),
      );
    }
    const lines = 'SELECT i, i || $$ x$$ AS t FROM range(3000) r(i)';
    await server.putObject(
      'mixed/lines.csv.gz',
      await fileBytes(lines, 'FORMAT csv, HEADER, COMPRESSION gzip'),
    );
    await server.putObject('mixed/odd + name [1]%&=é.parquet', await fileBytes('SELECT 42 AS n'));
    await using engine = await engineOver('mixed');
    const all = async (sql: string): Promise<unknown> => {
      const pushed = await answer(engine, sql, { pushdown: 'auto' });
      const unpushed = await answer(engine, sql, { pushdown: 'off' });
      expect(compareRows(pushed.rows, unpushed.rows)).toBeUndefined();
      return pushed.rows;
    };
    expect(await all('SELECT n, year, kind FROM far.events WHERE year = 2025')).toEqual([
      ['20250', '2025', `'a b'`],
    ]);
    expect(await all(`SELECT count(*), max(i) FROM far.lines WHERE t LIKE '%9 x'`)).toEqual([
      ['300', '2999'],
    ]);
    expect(await all('SELECT n FROM far."odd + name [1]%&=é"')).toEqual([['42']]);
  });

  test('a token reads it, and stands in no plan', async () => {
    await server.putObject('one/t.parquet', await fileBytes('SELECT 1 AS n'));
    const container = BlobServiceClient.fromConnectionString(server.connectionString).getContainerClient(
      server.bucket,
    );
    const url = new URL(
      await container.generateSasUrl({
        permissions: ContainerSASPermissions.parse('rl'),
        expiresOn: new Date(Date.now() + 600_000),
      }),
    );
    const azure = { endpoint: proxy.endpoint, sasToken: url.search };
    await using engine = await engineOver('one', { azure });
    expect(await rows(engine, 'SELECT n FROM far.t WHERE n > 0')).toEqual([{ n: 1 }]);
    const plan = await engine.explain('SELECT n FROM far.t WHERE n > 0');
    expect(JSON.stringify(plan)).toContain('read parquet t');
    expect(JSON.stringify(plan)).not.toContain('sig=');
  });
});

/** The fault for the first so many requests of a kind. */
function first(times: number, kind: AzureRequest['kind'], fault: Fault): typeof proxy.fault {
  let left = times;
  return (request) => {
    if (request.kind !== kind || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

const wide = `SELECT i, i * 2 AS twice, repeat('x', 40) || i AS text, hash(i) AS noise FROM range(20000) t(i)`;
const sum = 'SELECT sum(twice)::BIGINT AS s, count(text) AS n FROM far.t WHERE i >= 10000';
const right = [{ s: 299_990_000n, n: 10_000n }];

describe('what passes is tried again, and the answer is right', () => {
  beforeAll(async () => {
    await server.putObject('faults/t.parquet', await fileBytes(wide));
  });

  test.each<readonly [string, AzureRequest['kind'], Fault]>([
    ['503', 'get', { kind: 'error', status: 503, code: 'ServerBusy' }],
    ['500', 'get', { kind: 'error', status: 500, code: 'OperationTimedOut' }],
    ['429', 'get', { kind: 'error', status: 429, code: 'TooManyRequests' }],
    ['a reset in the middle of the body', 'get', { kind: 'reset' }],
    ['a body that stops coming', 'get', { kind: 'stall' }],
    ['a body that is shorter than announced', 'get', { kind: 'lie', by: 1000 }],
    ['a header that announces less than was asked for', 'get', { kind: 'lie', by: -1000 }],
    ['503 for a listing', 'list', { kind: 'error', status: 503, code: 'ServerBusy' }],
    ['a listing that breaks off', 'list', { kind: 'reset' }],
  ])('%s', async (_, kind, fault) => {
    await using engine = await engineOver('faults', { requestTimeoutMs: 2000 });
    proxy.fault = first(3, kind, fault);
    expect(await rows(engine, sum)).toEqual(right);
  });
});

describe('what does not pass is one error that says what to do', () => {
  test.each<readonly [string, Fault, string]>([
    ['a store that is down', { kind: 'error', status: 503, code: 'ServerBusy' }, 'SOURCE.UNREACHABLE'],
    ['bodies that always break', { kind: 'reset' }, 'SOURCE.UNREACHABLE'],
    ['bodies that never end', { kind: 'stall' }, 'SOURCE.TIMEOUT'],
    ['a length that always lies', { kind: 'lie', by: -10 }, 'SOURCE.UNREACHABLE'],
    ['expired tokens', { kind: 'error', status: 403, code: 'AuthenticationFailed' }, 'SOURCE.AUTHENTICATION'],
    ['a firewall', { kind: 'error', status: 403, code: 'AuthorizationFailure' }, 'SOURCE.PERMISSION'],
    ['a blob that goes', { kind: 'error', status: 404, code: 'BlobNotFound' }, 'SOURCE.MISSING_OBJECT'],
  ])('%s', async (_, fault, code) => {
    await server.putObject('faults/t.parquet', await fileBytes(wide));
    await using engine = await engineOver('faults', { attempts: 2, requestTimeoutMs: 1000 });
    await rows(engine, 'SELECT count(*) FROM far.t');
    proxy.fault = ({ kind }) => (kind === 'get' ? fault : undefined);
    const error = await failure(engine, sum);
    const object = `azure://${server.bucket}/faults/t.parquet`;
    expect(error).toMatchObject({ code, sourceId: 'far', object });
    expect(inspect(error, { depth: 9 })).not.toContain(server.accountKey);
  });

  test('a blob replaced between footer and data is no mixture', async () => {
    await server.putObject('faults/t.parquet', await fileBytes(wide));
    await using engine = await engineOver('faults');
    await rows(engine, 'SELECT count(*) FROM far.t');
    const other = await fileBytes(wide.replace('i * 2', 'i * 3'));
    // The listing has been answered: what the data request finds is another blob.
    let replaced: Promise<void> | undefined;
    proxy.fault = async ({ kind }) => {
      if (kind === 'get') await (replaced ??= server.putObject('faults/t.parquet', other));
      return undefined;
    };
    expect(await failure(engine, sum)).toMatchObject({ code: 'SOURCE.CHANGED_OBJECT', retryable: true });
    proxy.fault = () => undefined;
    expect(await rows(engine, sum)).toEqual([{ s: 449_985_000n, n: 10_000n }]);
  });
});
