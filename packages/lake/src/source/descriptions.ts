import { mapFiles } from '../files/concurrency.js';
import { describeFile } from '../table/describe-file.js';
import type { DescribedFile, FileDescription, TableFile } from '../table/lake-table.js';
import type { FileAccess } from './file-access.js';

/** Footers kept in memory, for tables whose log lets planning do without them. */
const mostFootersKept = 10_000;

/** Reads the footers of Parquet files once per content. */
export class Descriptions {
  readonly #sourceId: string;
  readonly #access: FileAccess;
  readonly #known = new Map<string, FileDescription>();

  constructor(sourceId: string, access: FileAccess) {
    this.#sourceId = sourceId;
    this.#access = access;
  }

  async describe(
    files: readonly TableFile[],
    signal: AbortSignal,
  ): Promise<readonly { readonly bare: TableFile; readonly described: DescribedFile }[]> {
    const { store, parallel, kept } = this.#access;
    const reader = { sourceId: this.#sourceId, store, parallel, kept, signal };
    const one = async (bare: TableFile) => {
      const key = `${bare.file.key}\0${bare.file.etag}`;
      const description = this.#known.get(key) ?? (await describeFile(bare.file, 'parquet', {}, reader));
      // What was used last goes last.
      this.#known.delete(key);
      this.#known.set(key, description);
      const [oldest] = this.#known.keys();
      if (this.#known.size > mostFootersKept && oldest !== undefined) this.#known.delete(oldest);
      return { bare, described: { ...bare, description } };
    };
    return mapFiles(files, signal, one, parallel);
  }

  clear(): void {
    this.#known.clear();
  }
}
