import { describe, expect, test } from 'vitest';
import { fieldsBelow } from '@tributary/lake';
import { deltaFields } from './option-fields.js';
import { deltaOptions, optionShape } from './options.js';
import { storeKeys, storePackages } from './stores/store-packages.js';

const call = { signal: new AbortController().signal };

async function issuesOf(options: object): Promise<readonly string[]> {
  const { error } = await deltaOptions.safeParseAsync(options);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

test('every option has a field, and every field is an option', () => {
  const fields = new Set(Object.keys(deltaFields).map((key) => key.split('.')[0]));
  expect([...fields].toSorted()).toEqual(Object.keys(optionShape).toSorted());
});

test.each(storeKeys)('the fields of %s are those of its package', async (key) => {
  const { fields } = await storePackages[key].load();
  const own = Object.entries(deltaFields).filter(([path]) => path.startsWith(`${key}.`));
  expect(Object.fromEntries(own)).toEqual(fieldsBelow(key, fields));
});

test.each(storeKeys)('the form of %s is its own', async (key) => {
  const { form, load } = storePackages[key];
  const kind = await load();
  expect([form, kind.isUrl(form)]).toEqual([kind.form, true]);
});

test.each([
  { path: '../x' },
  { path: 'a', version: -1 },
  { path: 'a', version: 1, timestamp: '2026-01-01' },
  {},
])('a table with %j is refused', async (table) => {
  expect(await issuesOf({ root: '.', tables: { t: table } })).not.toEqual([]);
});

describe('roots', () => {
  test.each([
    [{ root: './tables', baseDirectory: '/data' }],
    [{ root: 's3://bucket' }],
    [{ root: 'gs://bucket/tables', gcs: { anonymous: true } }],
    [{ root: 'abfss://container@account.dfs.core.windows.net/tables', azure: { anonymous: true } }],
    [{ root: 'https://account.blob.core.windows.net/container/tables', azure: { anonymous: true } }],
    [
      {
        root: 's3://bucket/a/b',
        s3: { anonymous: true },
        freshnessMs: 1,
        cache: false,
        cost: { latencyMs: 1 },
      },
    ],
  ])('%j is taken', async (options) => {
    expect(await issuesOf(options)).toEqual([]);
  });

  test.each([
    [
      { root: 'ftp://host/tables' },
      'root: must be a folder or of one of the forms s3://bucket/prefix, gs://bucket/prefix, azure://container/prefix',
    ],
    [{ root: 's3:bucket' }, 'root: not of the form s3://bucket/prefix'],
    [{ root: './tables', s3: {} }, 's3: is for roots of the form s3://bucket/prefix'],
    [{ root: 'gs://bucket', s3: {} }, 's3: is for roots of the form s3://bucket/prefix'],
    [{ root: 'https://example.com/tables' }, 'root: not of the form azure://container/prefix'],
    [{ root: 'azure://c', azure: { accountKey: 'k', sasToken: 's' } }, 'azure: of accountKey'],
    [{ root: './tables', freshnessMs: 1 }, 'freshnessMs: is for roots of the form s3://'],
    [{ root: './tables', cache: false }, 'cache: is for roots of the form s3://'],
    [{ root: 's3://b', s3: { accessKeyId: 'k' } }, 's3: accessKeyId and secretAccessKey go together'],
    [{ root: 's3://b', s3: { endpoint: 'nowhere' } }, 's3.endpoint: '],
    [{ root: 's3://b', s3: { regoin: 'x' } }, 's3: Unrecognized key: "regoin"'],
    [{ root: 's3://b', maxFiles: 1 }, ': Unrecognized key: "maxFiles"'],
  ])('%j is refused', async (options, issue) => {
    expect(await issuesOf(options)).toEqual([expect.stringContaining(issue)]);
  });
});

test('a file that a store needs is looked for beside the configuration', async () => {
  const options = { root: 'gs://b', baseDirectory: '/nowhere', gcs: { keyFilename: 'key.json' } };
  const { open } = await deltaOptions.parseAsync(options);
  const store = open?.('lake').store;
  await expect(store?.listPage('', undefined, call)).rejects.toMatchObject({
    message: expect.stringContaining('/nowhere/key.json'),
  });
  await store?.close();
});
