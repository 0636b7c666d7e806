import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type CallContext, TributaryError, abortError } from '@tributary/connector-sdk';
import type { TableName } from '@tributary/lake';
import type { Folders } from './folders.js';

/** Folders of this machine, with the whole file system as the store: keys are paths without the slash in front. */
export class LocalFolders implements Folders {
  readonly location: string;
  readonly rootPrefix: string;
  readonly #sourceId: string;

  constructor(root: string, sourceId: string) {
    this.location = root;
    this.rootPrefix = `${root.slice(1)}/`;
    this.#sourceId = sourceId;
  }

  async tables(ctx: CallContext): Promise<readonly TableName[]> {
    const found: TableName[] = [];
    for (const name of await this.#foldersIn('', ctx)) {
      if (await this.#isTable(name)) found.push({ name });
      else {
        for (const inner of await this.#foldersIn(name, ctx)) {
          if (await this.#isTable(join(name, inner))) found.push({ schema: name, name: inner });
        }
      }
    }
    return found;
  }

  async prefixOf(folder: string, { signal }: CallContext): Promise<string> {
    if (signal.aborted) throw abortError(signal);
    const path = join(this.location, folder);
    const [real, root] = await Promise.all(
      [path, this.location].map((each) => realpath(each).catch(() => each)),
    );
    const below = relative(root ?? '', real ?? '');
    if (below !== '..' && !below.startsWith(`..${sep}`)) return `${path.slice(1)}/`;
    throw new TributaryError('SOURCE.PERMISSION', {
      message: `${path} leads outside of the source's root ${this.location}.`,
      fix: 'Move the table into the root, or make a source of the folder that it is in.',
      sourceId: this.#sourceId,
      object: path,
    });
  }

  async #foldersIn(folder: string, { signal }: CallContext): Promise<readonly string[]> {
    if (signal.aborted) throw abortError(signal);
    const path = join(this.location, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw new TributaryError('SOURCE.MISSING_OBJECT', {
        message: `${path} cannot be listed: ${error instanceof Error ? error.message : String(error)}.`,
        fix: 'Correct the root in the configuration.',
        sourceId: this.#sourceId,
        object: path,
        cause: error,
      });
    });
    return entries
      .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
      .map(({ name }) => name)
      .toSorted();
  }

  async #isTable(folder: string): Promise<boolean> {
    const log = await stat(join(this.location, folder, '_delta_log')).catch(() => undefined);
    return log?.isDirectory() === true;
  }
}
