import { expect, test, describe } from 'vitest';
import { TributaryError } from '@tributary/connector-sdk';
import { localStore } from '@tributary/lake';
import { azureStores } from '@tributary/store-azure';
import { gcsStores } from '@tributary/store-gcs';
import { s3Stores } from '@tributary/store-s3';
import { MemoryStore } from '../../test/support/memory-store.js';
import { pinnedStore } from './pinned-store.js';
import { keyOfPath } from './file-path.js';

const inner = {
  mem: new MemoryStore(),
  s3: s3Stores.open('s3://bucket', { region: 'us-east-1' }, 'lake').store,
  gs: gcsStores.open('gs://bucket', { anonymous: true }, 'lake').store,
  azure: azureStores.open('abfss://box@acme.dfs.core.windows.net', { anonymous: true }, 'lake').store,
  azurite: azureStores.open(
    'az://box',
    { account: 'acme', endpoint: 'http://127.0.0.1:10000/acme', anonymous: true },
    'lake',
  ).store,
  'no account': azureStores.open('az://box', { endpoint: 'https://box.example', anonymous: true }, 'lake')
    .store,
  file: localStore('/', 'lake'),
};

function keyIn(store: keyof typeof inner, path: string): string {
  const pinned = pinnedStore(
    inner[store],
    (key) => new TributaryError('SOURCE.MISSING_OBJECT', { message: key }),
  );
  return keyOfPath(path, { sourceId: 'lake', store: pinned, prefix: 'lake/t/', rootPrefix: 'lake/' });
}

describe('keys of the paths in a log', () => {
  test.each<[keyof typeof inner, string, string]>([
    ['mem', 'day=2024-01-01/a%20b.parquet', 'lake/t/day=2024-01-01/a b.parquet'],
    ['mem', 'c=a%253Ab/x.parquet', 'lake/t/c=a%3Ab/x.parquet'],
    ['mem', '100%.parquet', 'lake/t/100%.parquet'],
    ['mem', 'mem://lake/x%20y.parquet', 'lake/x y.parquet'],
    ['s3', 's3://bucket/lake/origin/x.parquet', 'lake/origin/x.parquet'],
    ['s3', 's3a://bucket/lake/origin/x%20y.parquet', 'lake/origin/x y.parquet'],
    ['s3', 's3n://bucket/lake/c=a%253Fb', 'lake/c=a%3Fb'],
    ['gs', 'gs://bucket/lake/origin/x%3Fy.parquet', 'lake/origin/x?y.parquet'],
    ['gs', 'GS://Bucket/lake/X.parquet', 'lake/X.parquet'],
    ['azure', 'azure://box/lake/x.parquet', 'lake/x.parquet'],
    ['azure', 'az://box/lake/x.parquet', 'lake/x.parquet'],
    ['azure', 'abfss://box@acme.dfs.core.windows.net/lake/x%20y.parquet', 'lake/x y.parquet'],
    ['azure', 'wasbs://box@acme.blob.core.windows.net/lake/x%2520%3Fy.parquet', 'lake/x%20?y.parquet'],
    ['azure', 'https://acme.blob.core.windows.net/box/lake/x%2520y.parquet', 'lake/x%20y.parquet'],
    ['azure', 'ABFSS://box@Acme.DFS.core.windows.net:443/lake/X.parquet', 'lake/X.parquet'],
    ['azure', 'HTTPS://ACME.blob.core.windows.net:443/box/lake/X%20y.parquet', 'lake/X y.parquet'],
    ['azurite', 'abfss://box@acme.dfs.core.windows.net/lake/x.parquet', 'lake/x.parquet'],
    ['file', 'file:///lake/x%20y.parquet', 'lake/x y.parquet'],
    ['file', 'file:/lake/x.parquet', 'lake/x.parquet'],
    ['file', '/lake/x.parquet', 'lake/x.parquet'],
  ])('in %s, %s is %s', (store, path, key) => {
    expect(keyIn(store, path)).toBe(key);
  });

  test.each<[keyof typeof inner, string]>([
    ['mem', '../x.parquet'],
    ['mem', '%2E%2E/x.parquet'],
    ['s3', 's3://other/lake/x.parquet'],
    ['s3', 's3://bucket/elsewhere/x.parquet'],
    ['s3', 'gs://bucket/lake/x.parquet'],
    ['gs', 'gs://other/lake/x.parquet'],
    ['gs', 's3://bucket/lake/x.parquet'],
    ['azure', 'abfss://other@acme.dfs.core.windows.net/lake/x.parquet'],
    ['azure', 'abfss://box@other.dfs.core.windows.net/lake/x.parquet'],
    ['azure', 'wasbs://box@other.blob.core.windows.net/lake/x.parquet'],
    ['azure', 'https://other.blob.core.windows.net/box/lake/x.parquet'],
    ['azure', 'abfss://box@acme.dfs.core.chinacloudapi.cn/lake/x.parquet'],
    ['azure', 'https://acme.blob.core.windows.net/box/lake/x.parquet?sig=abc'],
    ['azure', 'https://acme.blob.core.windows.net:8443/box/lake/x.parquet'],
    ['azurite', 'abfss://box@other.dfs.core.windows.net/lake/x.parquet'],
    ['no account', 'abfss://box@acme.dfs.core.windows.net/lake/x.parquet'],
    ['file', 'file:///etc/passwd'],
    ['file', '/lake/../etc/passwd'],
  ])('in %s, %s lies outside', (store, path) => {
    expect(() => keyIn(store, path)).toThrow(TributaryError);
    expect(() => keyIn(store, path)).toThrow(path);
  });
});
