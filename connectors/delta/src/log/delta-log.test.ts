import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore, add, metaData, protocol, remove } from '../../test/support/memory-store.js';
import { DeltaLog, type TimeTravel } from './delta-log.js';

const call = { signal: new AbortController().signal };
const log = 't/_delta_log';

let store: MemoryStore;
let table: DeltaLog;
beforeEach(() => {
  store = new MemoryStore();
  table = new DeltaLog({ sourceId: 'lake', store, prefix: 't/', rootPrefix: '' });
});

async function paths(at?: TimeTravel): Promise<readonly string[] | undefined> {
  const snapshot = await table.snapshot(at, call);
  return snapshot && [...snapshot.files.values()].map(({ path }) => path);
}

const version = (number: number): TimeTravel => ({ kind: 'version', version: number });
const name = (number: number, rest: string): string => `${log}/${String(number).padStart(20, '0')}.${rest}`;

/** Versions 0 to 3: a, b, then a is gone, then c. */
function fourCommits(): void {
  store.commit(0, [protocol, metaData(), add('a')]);
  store.commit(1, [add('b')]);
  store.commit(2, [remove('a'), { txn: { appId: 'x', version: 1 } }]);
  store.commit(3, [{ commitInfo: { operation: 'WRITE' } }, add('c')]);
}

function checkpointRows(files: readonly string[]): Uint8Array {
  const rows = [
    { protocol: protocol.protocol },
    { metaData: (metaData() as { metaData: unknown }).metaData },
    ...files.map((path) => ({ add: { path, size: 10, modificationTime: 0, partitionValues: {} } })),
  ];
  const column = (key: string) =>
    rows.map((row) => (key in row ? JSON.stringify((row as Record<string, unknown>)[key]) : null));
  // hyparquet reads a JSON column as the objects in it, which is what a struct column is read as.
  const columnData = ['protocol', 'metaData', 'add'].map((key) => ({
    name: key,
    data: column(key).map((text) => (text === null ? null : JSON.parse(text))),
    type: 'JSON' as const,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

describe('replay', () => {
  test('the newest version, and every older one', async () => {
    fourCommits();
    expect(await paths()).toEqual(['b', 'c']);
    expect(await paths(version(0))).toEqual(['a']);
    expect(await paths(version(1))).toEqual(['a', 'b']);
    expect(await paths(version(2))).toEqual(['b']);
  });

  test('no log is no table', async () => {
    expect(await table.exists(call)).toBe(false);
    expect(await table.snapshot(undefined, call)).toBeUndefined();
    expect(await table.snapshot(version(0), call)).toBeUndefined();
  });

  test('a file with another deletion vector is another file', async () => {
    const vector = { storageType: 'u', pathOrInlineDv: 'x', offset: 1, sizeInBytes: 1, cardinality: 1 };
    store.commit(0, [protocol, metaData(), add('a')]);
    store.commit(1, [add('a', { deletionVector: vector }), remove('a')]);
    const snapshot = await table.snapshot(undefined, call);
    expect([...(snapshot?.files.values() ?? [])].map(({ deletionVector }) => deletionVector)).toEqual([
      vector,
    ]);
    store.commit(2, [remove('a', { deletionVector: vector })]);
    expect(await paths()).toEqual([]);
  });

  test('a path may be encoded in more than one way', async () => {
    store.commit(0, [protocol, metaData(), add('p=a b%2fc/ü'), add('100%')]);
    store.commit(1, [add('p=%61%20b%2Fc/%C3%BC', { size: 20 })]);
    expect(await paths()).toEqual(['p=%61%20b%2Fc/%C3%BC', '100%']);
    store.commit(2, [remove('p=a%20b%2Fc/%c3%bc'), remove('100%25'), add('/a b'), add('file:/c')]);
    expect(await paths()).toEqual(['/a b', 'file:/c']);
    store.commit(3, [remove('file:/a%20b'), remove('file:///c')]);
    expect(await paths()).toEqual([]);
  });

  test('a new version costs its listing and its commit', async () => {
    fourCommits();
    await paths();
    store.requests.length = 0;
    store.commit(4, [add('d')]);
    expect(await paths()).toEqual(['b', 'c', 'd']);
    const reads = store.requests.filter((request) => request.startsWith('read'));
    expect(reads).toEqual([`read ${name(4, 'json')}`]);
  });

  test('the newest version is taken for the newest as long as it is fresh', async () => {
    fourCommits();
    table = new DeltaLog(table.place, 60_000);
    expect(await paths()).toEqual(['b', 'c']);
    store.requests.length = 0;
    store.commit(4, [add('d')]);
    expect(await paths()).toEqual(['b', 'c']);
    expect(store.requests).toEqual([]);
    expect(await paths(version(4))).toEqual(['b', 'c', 'd']);
  });

  test('a table that another one has replaced is read anew', async () => {
    fourCommits();
    await paths();
    store.objects.clear();
    for (const at of [0, 1, 2, 3, 4])
      store.commit(at, at === 0 ? [protocol, metaData(), add('new')] : [add(`n${at}`)]);
    expect(await paths()).toEqual(['new', 'n1', 'n2', 'n3', 'n4']);
  });

  test('so is one whose newest version has no commit of its own to tell it by', async () => {
    const replaceWith = (path: string): void => {
      store.objects.clear();
      store.put(name(3, 'checkpoint.parquet'), checkpointRows([path]));
    };
    replaceWith('old');
    expect(await paths()).toEqual(['old']);
    expect(await paths(version(3))).toEqual(['old']);
    replaceWith('new');
    expect(await paths(version(3))).toEqual(['new']);
    expect(await paths()).toEqual(['new']);
  });

  test('versions beyond a hundred', async () => {
    store.commit(0, [protocol, metaData()]);
    for (let at = 1; at <= 205; at++) store.commit(at, [add(`f${at}`)]);
    expect(await paths()).toHaveLength(205);
    for (let at = 206; at <= 301; at++) store.commit(at, [add(`f${at}`)]);
    expect(await paths()).toHaveLength(301);
    expect(await paths(version(199))).toHaveLength(199);
  });

  test('a compaction stands for the commits it covers', async () => {
    fourCommits();
    store.put(
      name(1, '00000000000000000003.compacted.json'),
      [add('b'), remove('a'), add('from-compaction')].map((action) => JSON.stringify(action)).join('\n'),
    );
    store.objects.delete(name(2, 'json'));
    expect(await paths()).toEqual(['b', 'from-compaction']);
    expect(await paths(version(1))).toEqual(['a', 'b']);
  });
});

describe('checkpoints', () => {
  test('one file, found by the hint, without the commits before it', async () => {
    fourCommits();
    store.put(name(2, 'checkpoint.parquet'), checkpointRows(['from-checkpoint']));
    store.put(`${log}/_last_checkpoint`, '{"version":2,"size":3}');
    for (const at of [0, 1]) store.objects.delete(name(at, 'json'));
    expect(await paths()).toEqual(['from-checkpoint', 'c']);
    await expect(paths(version(1))).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('lacks version 0'),
    });
  });

  test.each(['{"version":9}', '{', ''])('a hint that is wrong (%j) is of no harm', async (hint) => {
    fourCommits();
    store.put(`${log}/_last_checkpoint`, hint);
    expect(await paths()).toEqual(['b', 'c']);
  });

  test.each([true, false])('a hint that is behind (its checkpoint is still there: %j)', async (isThere) => {
    store.commit(0, [protocol, metaData()]);
    for (let at = 1; at <= 205; at++) store.commit(at, [add(`f${at}`)]);
    store.put(`${log}/_last_checkpoint`, '{"version":100,"size":3}');
    if (isThere) store.put(name(100, 'checkpoint.parquet'), checkpointRows(['from-100']));
    store.put(name(203, 'checkpoint.parquet'), checkpointRows(['from-203']));
    for (let at = 0; at <= (isThere ? 99 : 202); at++) store.objects.delete(name(at, 'json'));
    expect(await paths()).toEqual(['from-203', 'f204', 'f205']);
  });

  test('all parts of a checkpoint, or none', async () => {
    fourCommits();
    store.put(name(2, 'checkpoint.0000000001.0000000002.parquet'), checkpointRows(['p1']));
    expect(await paths()).toEqual(['b', 'c']);
    store.put(name(2, 'checkpoint.0000000002.0000000002.parquet'), checkpointRows(['p2']));
    table = new DeltaLog(table.place);
    expect(await paths()).toEqual(['p1', 'p2', 'c']);
  });

  test('a V2 checkpoint in JSON, with sidecars', async () => {
    fourCommits();
    const lines = [
      protocol,
      metaData(),
      { checkpointMetadata: { version: 2 } },
      { sidecar: { path: 's.parquet', sizeInBytes: 1 } },
    ];
    store.put(
      name(2, 'checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json'),
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('_sidecars/s.parquet'),
    });
    store.put(`${log}/_sidecars/s.parquet`, checkpointRows(['in-sidecar']));
    expect(await paths()).toEqual(['in-sidecar', 'c']);
  });

  test.each([
    ['..%2F..%2F..%2Fother%2Fs.parquet', 'SOURCE.PERMISSION'],
    ['100%.parquet', 'SOURCE.CORRUPT_DATA'],
  ])('a sidecar by the name of %s', async (path, code) => {
    const lines = [protocol, metaData(), { sidecar: { path, sizeInBytes: 1 } }];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    store.put(name(2, 'checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json'), text);
    await expect(paths()).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });

  test('a damaged checkpoint is named', async () => {
    fourCommits();
    store.put(name(2, 'checkpoint.parquet'), 'PAR1 nothing');
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      object: `mem://${name(2, 'checkpoint.parquet')}`,
    });
  });
});

describe('logs that are not whole', () => {
  test('a gap', async () => {
    fourCommits();
    store.objects.delete(name(1, 'json'));
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('lacks version 1, which version 3 needs'),
    });
  });

  test.each([
    ['{"add":{"path":"x","si', 'line 2 is no JSON'],
    ['[]', 'line 2 is no JSON object'],
    ['{"add":{"path":"x"}}', 'line 2 is not an action: add.size'],
    ['{"remove":{}}', 'line 2 is not an action: remove.path'],
  ])('a commit with the line %s', async (line, why) => {
    fourCommits();
    store.put(name(4, 'json'), `{"commitInfo":{}}\n${line}`);
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining(why),
      object: `mem://${name(4, 'json')}`,
    });
    expect(await paths(version(3))).toEqual(['b', 'c']);
  });

  test('an empty commit', async () => {
    fourCommits();
    store.put(name(4, 'json'), '');
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('empty'),
    });
  });

  test('a log without a schema', async () => {
    store.commit(0, [protocol, add('a')]);
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('metaData'),
    });
  });
});

describe('what this reader does not know is refused by name', () => {
  test.each([
    [{ minReaderVersion: 3, readerFeatures: ['deletionVectors', 'variantType'] }, '"variantType"'],
    [{ minReaderVersion: 3, readerFeatures: ['catalogManaged', 'new'] }, '"catalogManaged", "new"'],
    [{ minReaderVersion: 4 }, 'reader version 4'],
  ])('%j', async (needs, named) => {
    store.commit(0, [{ protocol: needs }, metaData(), add('a')]);
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.UNSUPPORTED_FORMAT',
      message: expect.stringContaining(named),
    });
  });

  test('features that the log does not tell, though the version says that it does, are not none', async () => {
    store.commit(0, [{ protocol: { minReaderVersion: 3, minWriterVersion: 7 } }, metaData(), add('a')]);
    await expect(paths()).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('protocol.readerFeatures'),
    });
  });

  test('what only writers must know is of no concern', async () => {
    const features = { readerFeatures: ['deletionVectors'], writerFeatures: ['deletionVectors', 'future'] };
    store.commit(0, [{ protocol: { minReaderVersion: 3, minWriterVersion: 7, ...features } }, metaData()]);
    store.commit(1, [{ domainMetadata: { domain: 'delta.future' } }, { unheardOf: 1 }, add('a')]);
    expect(await paths()).toEqual(['a']);
  });

  test('a version from before the feature is read', async () => {
    fourCommits();
    store.commit(4, [{ protocol: { minReaderVersion: 3, readerFeatures: ['future'] } }]);
    await expect(paths()).rejects.toMatchObject({ code: 'SOURCE.UNSUPPORTED_FORMAT' });
    expect(await paths(version(3))).toEqual(['b', 'c']);
  });
});

describe('by time', () => {
  const millis = (at: number): TimeTravel => ({ kind: 'timestamp', millis: at });

  test('the files’ times, made to grow', async () => {
    store.commit(0, [protocol, metaData(), add('a')], 1000);
    store.commit(1, [add('b')], 500);
    store.commit(2, [add('c')], 5000);
    expect(await paths(millis(1000))).toEqual(['a']);
    expect(await paths(millis(1001))).toEqual(['a', 'b']);
    expect(await paths(millis(4999))).toEqual(['a', 'b']);
    expect(await paths(millis(1e12))).toEqual(['a', 'b', 'c']);
    await expect(paths(millis(999))).rejects.toMatchObject({
      code: 'SOURCE.MISSING_OBJECT',
      message: expect.stringContaining('1970-01-01T00:00:00.999Z'),
    });
  });

  test('the commits’ own times, from the version on that has them', async () => {
    const configuration = {
      'delta.enableInCommitTimestamps': 'TRUE',
      'delta.inCommitTimestampEnablementVersion': '2',
      'delta.inCommitTimestampEnablementTimestamp': '50000',
    };
    store.commit(0, [protocol, metaData(), add('a')], 1000);
    store.commit(1, [add('b')], 90_000);
    store.commit(2, [{ commitInfo: { inCommitTimestamp: 50_000 } }, metaData(configuration), add('c')], 1);
    store.commit(3, [{ commitInfo: { inCommitTimestamp: 60_000 } }, add('d')], 2);
    expect(await paths(millis(49_999))).toEqual(['a']);
    expect(await paths(millis(50_000))).toEqual(['a', 'b', 'c']);
    expect(await paths(millis(60_000))).toEqual(['a', 'b', 'c', 'd']);
  });
});
