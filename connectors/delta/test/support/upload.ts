import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { S3Server } from '@tributary/testbed';

/** Uploads at a time. */
const inFlight = 8;

/** Every file below a folder of this machine, as an object of the server's bucket below a prefix. */
export async function uploadFolder(server: S3Server, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .values();
  const upload = async (): Promise<void> => {
    for (const path of files) {
      const key = `${prefix}/${relative(folder, path).split(sep).join('/')}`;
      await server.putObject(key, await readFile(path));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, upload));
}
