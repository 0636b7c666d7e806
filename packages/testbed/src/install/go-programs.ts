import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { runProgram } from './programs.js';

/**
 * Builds a program of the Go module proxy into a folder.
 *
 * A compiler of another version makes other bytes of the same sources, so what is pinned is what it was made of: the
 * names, versions and hashes of all modules, as Go writes them into the program.
 *
 * @param spec `package@version`
 * @param sha256 of the `mod` and `dep` lines of `go version -m`
 */
export async function buildGoProgram(spec: string, sha256: string, directory: string): Promise<void> {
  await runProgram('go', ['install', '-trimpath', '-ldflags=-s -w', spec], {
    cwd: directory,
    // Without cgo no C compiler is needed.
    env: { ...process.env, GOBIN: directory, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
  });
  const [path = spec] = spec.split('@');
  const name = path.slice(path.lastIndexOf('/') + 1);
  const modules = (await runProgram('go', ['version', '-m', join(directory, name)]))
    .split('\n')
    .filter((line) => /^\t(mod|dep|=>)\t/.test(line))
    .map((line) => `${line.trim().split('\t').join(' ')}\n`)
    .join('');
  const actual = createHash('sha256').update(modules).digest('hex');
  if (actual === sha256) return;
  throw new Error(
    `${spec} is not made of the pinned modules: the SHA-256 of their list is ${actual}, not ${sha256}.`,
  );
}
