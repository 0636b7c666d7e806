import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withCommandLineSources } from './command-line-sources.js';

it.each([
  ['shop=postgres://ann@host/shop?a=b', 'postgres', { url: 'postgres://ann@host/shop?a=b' }],
  ['shop=postgresql://host/shop', 'postgres', { url: 'postgresql://host/shop' }],
  ['m=mariadb://host/shop', 'mysql', { url: 'mariadb://host/shop' }],
  ['web=clickhouse:https://host:8443/db', 'clickhouse', { url: 'https://host:8443/db' }],
  ['lake=./data', 'duckdb-s3', { root: '/app/data' }],
  ['lake=s3://bucket/data', 'duckdb-s3', { root: 's3://bucket/data' }],
  ['lake=gs://bucket', 'gcs', { root: 'gs://bucket' }],
  [
    'lake=abfss://events@company.dfs.core.windows.net',
    'azure',
    { root: 'abfss://events@company.dfs.core.windows.net' },
  ],
  ['lake=delta:./tables', 'delta', { root: './tables' }],
])('%s', (text, connector, options) => {
  const { sources } = withCommandLineSources([text], '/app');
  expect(sources).toEqual([{ id: text.split('=')[0], connector, options, timeoutMs: undefined }]);
});

it('takes a single file for a table of its name', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-cli-'));
  try {
    writeFileSync(join(directory, 'orders.csv.gz'), '');
    const [source] = withCommandLineSources(['d=orders.csv.gz'], directory).sources;
    expect(source?.options).toEqual({ root: directory, tables: { orders: { path: 'orders.csv.gz' } } });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('adds to a configuration', () => {
  const config = withCommandLineSources(['a=./a'], '/app');
  const { sources, file } = withCommandLineSources(['b=./b'], '/other', { ...config, file: '/app/t.yaml' });
  expect(sources.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(file).toBe('/app/t.yaml');
});

it.each([
  ['./data', /given as id=location/],
  ['web=https://host', /No connector is known for the https:\/\/ of source web/],
])('refuses %s', (text, message) => {
  expect(() => withCommandLineSources([text], '/app')).toThrow(message);
});
