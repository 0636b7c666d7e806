import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

describe('tributary demo', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-demo-test-'));
    // The server runs as another user where the test runs as root.
    chmodSync(directory, 0o755);
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('ends with an answer and the plan, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runCli(['demo'], { cwd: directory, env: { TMPDIR: directory } });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ Germany +\| +\d+ \| +\d+ \| +\d+\.\d\d$/m);
    expect(stdout).toContain('shop (postgres)');
    expect(stdout).toContain('files 1 of 12');
    expect(stdout).toMatch(/nothing pushed +365,000 rows/);
    expect(stdout).toContain('@tributary/cli init');
    expectNothingLeft(directory);
  });

  it('leaves nothing behind on Ctrl-C either', async () => {
    const { code, stderr } = await runCli(['demo'], {
      cwd: directory,
      env: { TMPDIR: directory },
      onStart: (child) =>
        child.stdout?.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes('Filling it')) child.kill('SIGINT');
        }),
    });
    expect(stderr).toContain('QUERY.CANCELLED');
    expect(code).toBe(130);
    expectNothingLeft(directory);
  });
});

function expectNothingLeft(directory: string): void {
  expect(readdirSync(directory)).toEqual([]);
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(directory);
}
