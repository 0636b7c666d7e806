import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleQuery, writeConfiguration } from './configuration-file.js';

const sources = [
  {
    id: 'mysql',
    connector: '/tree/connectors/mysql/dist/index.js',
    options: { url: 'mysql://u:p@127.0.0.1:1/tpch' },
  },
  {
    id: 's3',
    connector: 'duckdb-s3',
    options: { root: 's3://lake/tpch', s3: { endpoint: 'http://127.0.0.1:1', accessKeyId: 'a: b' } },
  },
  { id: 'lake', connector: 'duckdb-s3', options: { root: '/cache/with "quotes"' } },
];

it('writes a configuration, and writes over its own one only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-up-'));
  const file = join(folder, 'new', 'tributary.yaml');
  await writeConfiguration(file, []);
  await writeConfiguration(file, sources);
  expect(await readFile(file, 'utf8')).toMatchInlineSnapshot(`
    "# Written by \`pnpm testbed up\`, and gone when its servers are.
    sources:
      mysql:
        connector: "/tree/connectors/mysql/dist/index.js"
        url: "mysql://u:p@127.0.0.1:1/tpch"
      s3:
        connector: "duckdb-s3"
        root: "s3://lake/tpch"
        s3: {"endpoint":"http://127.0.0.1:1","accessKeyId":"a: b"}
      lake:
        connector: "duckdb-s3"
        root: "/cache/with \\"quotes\\""
    "
  `);
  await writeFile(file, 'sources: {}\n');
  await expect(writeConfiguration(file, sources)).rejects.toThrow('exists and is not ours');
  await rm(folder, { recursive: true });
});

it.each([
  [['a'], ['a.customer', 'a.orders', 'a.lineitem', 'a.nation']],
  [
    ['a', 'b'],
    ['a.customer', 'b.orders', 'a.lineitem', 'b.nation'],
  ],
  [
    ['a', 'b', 'c', 'd', 'e'],
    ['a.customer', 'b.orders', 'c.lineitem', 'd.nation'],
  ],
])('spreads the sample query over %j', (ids, tables) => {
  expect(sampleQuery(ids).match(/[a-e]\.(customer|orders|lineitem|nation)\b/g)).toEqual(tables);
});
