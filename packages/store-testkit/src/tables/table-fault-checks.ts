import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Fault } from '../proxy/fault.js';
import type { RequestKind } from '../proxy/store-protocol.js';
import { fileBytes } from './file-bytes.js';
import { type StoreTablesSubject, type TablesTest, failure, rows } from './tables-subject.js';

const wide = `SELECT i, i * 2 AS twice, repeat('x', 40) || i AS text, hash(i) AS noise FROM range(20000) t(i)`;
const sum = 'SELECT sum(twice)::BIGINT AS s, count(text) AS n FROM far.t WHERE i >= 10000';
const right = [{ s: 299_990_000n, n: 10_000n }];
const busy: Fault = { kind: 'error', status: 503, code: 'Busy' };

const passing: readonly (readonly [string, RequestKind, Fault])[] = [
  ['503', 'get', busy],
  ['500', 'get', { kind: 'error', status: 500, code: 'Broken' }],
  ['429', 'get', { kind: 'error', status: 429, code: 'Slower' }],
  ['a reset in the middle of the body', 'get', { kind: 'reset' }],
  ['a body that stops coming', 'get', { kind: 'stall' }],
  ['a body that is shorter than announced', 'get', { kind: 'lie', by: 1000 }],
  ['a header that announces less than was asked for', 'get', { kind: 'lie', by: -1000 }],
  ['503 for a listing', 'list', busy],
  ['a listing that breaks off', 'list', { kind: 'reset' }],
];

const staying: readonly (readonly [string, Fault, string])[] = [
  ['a store that is down', busy, 'SOURCE.UNREACHABLE'],
  ['bodies that always break', { kind: 'reset' }, 'SOURCE.UNREACHABLE'],
  ['bodies that never end', { kind: 'stall' }, 'SOURCE.TIMEOUT'],
  ['a length that always lies', { kind: 'lie', by: -10 }, 'SOURCE.UNREACHABLE'],
];

export function tableFaultChecks(test: TablesTest, { refusals }: Pick<StoreTablesSubject, 'refusals'>): void {
  for (const [name, kind, fault] of passing) {
    test(`what passes is tried again, and the answer is right: ${name}`, async (bench) => {
      const { server, proxy, engineOver } = bench;
      await server.putObject('faults/t.parquet', await fileBytes(wide));
      await using engine = await engineOver('faults', { requestTimeoutMs: 1000 });
      proxy.failFirst(3, fault, (request) => request.kind === kind);
      assert.deepEqual(await rows(engine, sum), right);
      assert.ok(proxy.requests.filter((request) => request.kind === kind).length > 3);
    });
  }

  test('a text that breaks off is read again', async ({ server, proxy, engineOver }) => {
    const lines = await fileBytes('SELECT i FROM range(200000) t(i)', 'FORMAT csv, HEADER');
    await server.putObject('text/lines.csv', lines);
    await using engine = await engineOver('text', { requestTimeoutMs: 1000 });
    proxy.failFirst(2, { kind: 'reset' }, ({ kind }) => kind === 'get');
    assert.deepEqual(await rows(engine, 'SELECT count(*) AS n FROM far.lines'), [{ n: 200_000n }]);
  });

  for (const [name, fault, code] of [...staying, ...refusals]) {
    test(`what does not pass is one error that says what to do: ${name}`, async (bench) => {
      const { server, proxy, root, secrets, engineOver } = bench;
      await server.putObject('faults/t.parquet', await fileBytes(wide));
      await using engine = await engineOver('faults', { attempts: 2, requestTimeoutMs: 1000 });
      await rows(engine, 'SELECT count(*) FROM far.t');
      proxy.fault = ({ kind }) => (kind === 'get' ? fault : undefined);
      const error = await failure(engine, sum);
      const { sourceId, object } = error;
      assert.deepEqual(
        { code: error.code, sourceId, object },
        { code, sourceId: 'far', object: `${root}/faults/t.parquet` },
      );
      for (const secret of secrets) assert.ok(!inspect(error, { depth: 9 }).includes(secret));
    });
  }

  test('an object replaced between footer and data is no mixture', async (bench) => {
    const { server, proxy, root, engineOver } = bench;
    await server.putObject('replaced/t.parquet', await fileBytes(wide));
    await using engine = await engineOver('replaced');
    await rows(engine, 'SELECT count(*) FROM far.t');
    const other = await fileBytes(wide.replace('i * 2', 'i * 3'));
    // The listing has been answered: what the data request finds is another object.
    let replaced: Promise<void> | undefined;
    proxy.fault = async ({ kind }) => {
      if (kind === 'get') await (replaced ??= server.putObject('replaced/t.parquet', other));
      return undefined;
    };
    const { code, retryable, object } = await failure(engine, sum);
    assert.deepEqual(
      { code, retryable, object },
      { code: 'SOURCE.CHANGED_OBJECT', retryable: true, object: `${root}/replaced/t.parquet` },
    );
    proxy.forget();
    assert.deepEqual(await rows(engine, sum), [{ s: 449_985_000n, n: 10_000n }]);
  });

  test('a bucket that is not there is named', async ({ engineOver }) => {
    await using engine = await engineOver('at/all', { bucket: 'nowhere' });
    const { code, message } = await failure(engine, 'SELECT * FROM far.t');
    assert.equal(code, 'SOURCE.MISSING_OBJECT');
    assert.match(message, /:\/\/nowhere\/at\/all/);
  });
}
