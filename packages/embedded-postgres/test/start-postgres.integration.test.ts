import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '@tributary/embedded-postgres';

describe('startPostgres', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres({ settings: { log_statement: 'all' } });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('is PostgreSQL 18 with a linguistic collation and a password', async () => {
    expect(await single(server.url, 'SHOW server_version')).toMatch(/^18\./);
    expect(await single(server.url, 'SELECT current_database()')).toBe('shop');
    expect(await single(server.url, `SELECT 'a' < 'B'`)).toBe(true);
    const wrong = server.url.replace(server.password, 'wrong');
    await expect(single(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await server.readLog()).toContain('SHOW server_version');
  });

  it('comes back after a stop and after a kill, on its port and with its data', async () => {
    await single(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await single(server.url, 'CHECKPOINT');
    const firstPid = server.pid;
    await server.stop();
    expect(server.pid).toBeUndefined();
    await expect(single(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(server.pid).not.toBe(firstPid);
    await server.kill();
    await expect(single(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(await single(server.url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('kills the backends too', async () => {
    const client = new Client(server.url);
    client.on('error', () => {});
    await client.connect();
    const pid = Number((await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid);
    const busy = client.query(`SELECT count(*) FROM generate_series(1, 10000000000)`);
    const cut = expect(busy).rejects.toThrow(/terminated/);
    await sleep(100);
    await server.kill();
    await cut;
    expect(isAlive(pid)).toBe(false);
    await server.start();
  });

  it('leaves nothing behind', async () => {
    const other = await startPostgres({ database: 'postgres', locale: 'C' });
    const directory = String(await single(other.url, 'SHOW data_directory'));
    expect(await single(other.url, `SELECT 'a' < 'B'`)).toBe(false);
    const { pid } = other;
    await other[Symbol.asyncDispose]();
    expect(existsSync(directory)).toBe(false);
    expect(isAlive(pid)).toBe(false);
  });

  it('goes when its owner is killed', async () => {
    const temp = await mkdtemp(join(tmpdir(), 'tributary-owner-'));
    await chmod(temp, 0o755);
    const owner = `
      import { startPostgres } from '@tributary/embedded-postgres';
      const server = await startPostgres();
      console.log(server.pid);
      process.kill(process.pid, 'SIGKILL');`;
    const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', owner], {
      cwd: new URL('..', import.meta.url),
      env: { ...process.env, TMPDIR: temp },
    });
    const output = await child.catch((error: { stdout: string }) => error);
    const pid = Number(output.stdout);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => readdirSync(temp), { timeout: 10_000 }).toEqual([]);
    await rm(temp, { recursive: true });
  });
});

async function single(url: string, sql: string): Promise<unknown> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** Where init is slow or missing, an ended orphan stays as a zombie: that is dead enough. */
function isAlive(pid: number | undefined): boolean {
  const file = `/proc/${pid}/status`;
  return existsSync(file) && !/^State:\s+Z/m.test(readFileSync(file, 'utf8'));
}
