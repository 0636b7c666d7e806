import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProjectNames } from './project-names.js';
import { type ProjectKind, projectFiles } from './templates.js';
import { UsageError } from './usage-error.js';

export interface ProjectOptions {
  /** Where the project goes; made if it does not exist. */
  readonly directory: string;
  readonly kind: ProjectKind;
  readonly names: ProjectNames;
}

/** What `git init` leaves in a directory that is empty otherwise. */
const harmless: ReadonlySet<string> = new Set(['.git', '.DS_Store']);

/**
 * Writes a project; returns the paths of its files, relative to it.
 * @throws UsageError when the directory holds anything already: nothing is ever overwritten.
 */
export async function createProject({ directory, kind, names }: ProjectOptions): Promise<readonly string[]> {
  await refuseUnlessEmpty(directory);
  const files = await projectFiles(kind, names);
  for (const { path, text } of files) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
  }
  return files.map((file) => file.path).toSorted();
}

async function refuseUnlessEmpty(directory: string): Promise<void> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new UsageError(`${directory} is a file.`);
    throw error;
  });
  const [found] = entries.filter((entry) => !harmless.has(entry));
  if (found !== undefined) {
    throw new UsageError(`${directory} is not empty (it holds ${found}); name a new directory.`);
  }
}
