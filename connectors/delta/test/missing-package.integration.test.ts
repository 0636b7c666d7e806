import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const connector = join(import.meta.dirname, '..');
const dependencies = [
  '@tributary/connector-sdk',
  '@tributary/lake',
  'hyparquet',
  'hyparquet-compressors',
  'zod',
];

let app: string;
/** An application that has the connector and what it needs, but no package of a store. */
beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'delta-app-'));
  const installed = join(app, 'node_modules', '@tributary', 'connector-delta');
  await mkdir(installed, { recursive: true });
  for (const part of ['dist', 'package.json']) {
    await cp(join(connector, part), join(installed, part), { recursive: true });
  }
  for (const name of dependencies) {
    const link = join(app, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(connector, 'node_modules', name), link);
  }
});
afterAll(() => rm(app, { recursive: true, force: true }));

async function issuesOf(root: string): Promise<unknown> {
  const program = `
    import { delta } from '@tributary/connector-delta';
    const { issues = [] } = await delta.configSchema['~standard'].validate({ root: ${JSON.stringify(root)} });
    console.log(JSON.stringify(issues.map(({ message, path }) => ({ message, path }))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: app,
  });
  return JSON.parse(stdout);
}

test('tables on this machine need no store', async () => {
  expect(await issuesOf('./tables')).toEqual([]);
});

test.each([
  ['s3://bucket/tables', '@tributary/store-s3'],
  ['gs://bucket/tables', '@tributary/store-gcs'],
  ['azure://container/tables', '@tributary/store-azure'],
])('%s asks for %s', async (root, name) => {
  expect(await issuesOf(root)).toEqual([
    { message: `needs the package ${name}: install it with \`npm install ${name}\``, path: ['root'] },
  ]);
});
