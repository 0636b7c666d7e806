import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from './programs.js';
import { serverPrograms } from './server-programs.js';

describe('a server that cannot be had', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tributary-cache-'));
    vi.stubEnv('XDG_CACHE_HOME', home);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  it.each([
    ['no-such-program', ['--version'], 'failed: the program is not installed on this machine'],
    ['sh', ['-c', 'echo no route to host >&2; exit 7'], 'failed: no route to host'],
  ])('is one error with the cause (%s) and the cure', async (program, parameters, cause) => {
    const attempt = serverPrograms({
      title: 'Server 1.0',
      name: 'server-1.0',
      mend: 'Have the program.',
      install: async () => void (await runProgram(program, parameters)),
    });
    await expect(attempt).rejects.toThrow(
      `Server 1.0 could not be installed for the tests: \`${[program, ...parameters].join(' ')}\` ${cause}\nHave the program.`,
    );
  });
});
