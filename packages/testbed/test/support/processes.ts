import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';

/** Where init is slow or missing, an ended orphan stays as a zombie: that is dead enough. */
function isAlive(pid: number | undefined): boolean {
  const file = `/proc/${pid}/status`;
  return existsSync(file) && !/^State:\s+Z/m.test(readFileSync(file, 'utf8'));
}

interface Server extends AsyncDisposable {
  readonly port: number;
  readonly pid: number | undefined;
}

export async function expectNothingIsLeft(server: Server, start: () => Promise<Server>): Promise<void> {
  const others = await Promise.all([start(), start()]);
  expect(new Set([server.port, ...others.map(({ port }) => port)]).size).toBe(3);
  for (const other of others) {
    const { pid } = other;
    expect(isAlive(pid)).toBe(true);
    await other[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  }
}

/** @param start name of the testbed's function that starts the server */
export async function expectToGoWithItsOwner(start: string): Promise<void> {
  const temp = await mkdtemp(join(tmpdir(), 'tributary-owner-'));
  const owner = `
      import { ${start} } from '@tributary/testbed';
      const server = await ${start}();
      console.log(server.pid);
      process.kill(process.pid, 'SIGKILL');`;
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', owner], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, TMPDIR: temp },
  });
  const output = await child.catch((error: { stdout: string }) => error);
  const pid = Number(output.stdout);
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  await expect.poll(() => readdirSync(temp), { timeout: 10_000 }).toEqual([]);
  await rm(temp, { recursive: true });
}
