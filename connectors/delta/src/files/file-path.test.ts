import { describe, expect, test } from 'vitest';
import { TributaryError } from '@tributary/connector-sdk';
import { MemoryStore } from '../../test/support/memory-store.js';
import type { LogPlace } from '../log/log-error.js';
import { keyOfPath } from './file-path.js';

function place(root: string): LogPlace {
  const store = Object.assign(new MemoryStore(), { locationOf: (key: string) => `${root}${key}` });
  return { sourceId: 'lake', store, prefix: 'lake/t/', rootPrefix: 'lake/' };
}

describe('keys of the paths in a log', () => {
  test.each([
    ['s3://bucket/', 'day=2024-01-01/a%20b.parquet', 'lake/t/day=2024-01-01/a b.parquet'],
    ['s3://bucket/', 'c=a%253Ab/x.parquet', 'lake/t/c=a%3Ab/x.parquet'],
    ['s3://bucket/', '100%.parquet', 'lake/t/100%.parquet'],
    ['s3://bucket/', 's3://bucket/lake/origin/x.parquet', 'lake/origin/x.parquet'],
    ['s3://bucket/', 's3a://bucket/lake/origin/x%20y.parquet', 'lake/origin/x y.parquet'],
    ['gs://bucket/', 'gs://bucket/lake/origin/x.parquet', 'lake/origin/x.parquet'],
    ['azure://box/', 'azure://box/lake/x.parquet', 'lake/x.parquet'],
    ['azure://box/', 'az://box/lake/x.parquet', 'lake/x.parquet'],
    ['azure://box/', 'abfss://box@account.dfs.core.windows.net/lake/x.parquet', 'lake/x.parquet'],
    ['azure://box/', 'wasbs://box@account.blob.core.windows.net/lake/x.parquet', 'lake/x.parquet'],
    ['/', 'file:///lake/x.parquet', 'lake/x.parquet'],
    ['/', 'file:/lake/x.parquet', 'lake/x.parquet'],
    ['/', '/lake/x.parquet', 'lake/x.parquet'],
  ])('in %s, %s is %s', (root, path, key) => {
    expect(keyOfPath(path, place(root))).toBe(key);
  });

  test.each([
    ['s3://bucket/', '../x.parquet'],
    ['s3://bucket/', '%2E%2E/x.parquet'],
    ['s3://bucket/', 's3://other/lake/x.parquet'],
    ['s3://bucket/', 's3://bucket/elsewhere/x.parquet'],
    ['s3://bucket/', 'gs://bucket/lake/x.parquet'],
    ['azure://box/', 'abfss://other@account.dfs.core.windows.net/lake/x.parquet'],
    ['/', 'file:///etc/passwd'],
    ['/', '/lake/../etc/passwd'],
  ])('in %s, %s lies outside', (root, path) => {
    expect(() => keyOfPath(path, place(root))).toThrow(TributaryError);
  });
});
