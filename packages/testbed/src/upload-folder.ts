import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ObjectStore } from './object-store.js';

const uploadsAtATime = 8;

/** Writes every file below a folder of this machine as an object below a prefix. */
export async function uploadFolder(store: ObjectStore, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .values();
  const upload = async (): Promise<void> => {
    for (const path of files) {
      const key = `${prefix}/${relative(folder, path).split(sep).join('/')}`;
      await store.putObject(key, await readFile(path));
    }
  };
  await Promise.all(Array.from({ length: uploadsAtATime }, upload));
}
