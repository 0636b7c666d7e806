import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const cli = fileURLToPath(new URL('../../../apps/cli/dist/bin.js', import.meta.url));

/** Milliseconds in which a fresh machine has the servers too. */
const installing = 600_000;

describe('testbed up', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-up-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('gives filled servers and their configuration until Ctrl-C', async () => {
    const config = join(folder, 'tributary.yaml');
    const child = run('up', 'postgres', 'clickhouse', '--config', config);
    const output = await untilSaid(child, 'Ctrl-C ends');
    expect(output).toContain('join clickhouse.orders o');
    const written = await readFile(config, 'utf8');
    expect([...written.matchAll(/^ {2}(\w+):$/gm)].map(([, id]) => id)).toEqual([
      'postgres',
      'clickhouse',
      'lake',
    ]);
    const url = new URL(/"(http:[^"]+)"/.exec(written)?.[1] ?? '');
    expect(await countOrders(url)).toBe('15000');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(config)).toBe(false);
    await expect(countOrders(url)).rejects.toThrow('fetch failed');
  });

  it('gives one statement over the buckets of three clouds', { timeout: installing }, async () => {
    const config = join(folder, 'clouds.yaml');
    const child = run('up', 's3', 'gcs', 'azure', '--config', config);
    const output = await untilSaid(child, 'Ctrl-C ends');
    expect(output).not.toContain('the-secret-key');
    const [, sql = ''] = /query "(.*)"$/m.exec(output) ?? [];
    expect(sql).toMatch(/s3\.customer .* gcs\.orders .* azure\.lineitem/);
    const query = await promisify(execFile)(process.execPath, [cli, '--config', config, 'query', sql], {
      env: { ...process.env, XDG_CACHE_HOME: folder },
    });
    expect(query.stdout).toMatch(/SAUDI ARABIA \| +44 \| 1846102\.67/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('knows no other servers', async () => {
    const child = run('up', 'oracle');
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(2);
    expect(errors).toContain('postgres|mysql|mariadb|clickhouse|s3|gcs|azure');
  });
});

type Running = ChildProcessByStdio<null, Readable, Readable>;

function run(...parameters: readonly string[]): Running {
  return spawn(process.execPath, [bin, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function untilSaid({ stdout, stderr }: Running, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stdout.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes(words)) resolve(said);
    });
    stdout.on('end', () => {
      text(stderr).then((errors) => reject(new Error(`it ended and said: ${said}${errors}`)), reject);
    });
  });
}

async function countOrders({ origin, username, password, pathname }: URL): Promise<string> {
  const answer = await fetch(`${origin}/?database=${pathname.slice(1)}`, {
    method: 'POST',
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
    body: 'SELECT count() FROM orders',
  });
  return (await answer.text()).trim();
}
