import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { TributaryError } from '@tributary/connector-sdk';
import { type Pack, type PackBlock, packText, parsePack } from './pack.js';

export interface PackCacheOptions {
  readonly directory: string;
  /** Bytes on disk. What was used longest ago goes first. */
  readonly maxBytes: number;
}

interface Entry {
  readonly pack: Pack;
  usedAt: number;
  /** Whether its bytes have been compared with their checksums in this process. */
  isVerified: boolean;
}

/** Another process's packs are looked for no more often. */
const rescanMs = 5000;
/** What a process that was killed has left in use. */
const abandonedMs = 24 * 60 * 60 * 1000;

/**
 * Files fetched earlier, on disk, shared by processes. A pack is two files, its bytes and a description; both come by rename
 * and go by unlink, so that no process sees half of one, and readers hold a hard link of their own: no locks.
 */
export class PackCache {
  readonly maxBytes: number;
  readonly #directory: string;
  readonly #packs = new Map<string, Entry>();
  readonly #blocks = new Map<string, { readonly entry: Entry; readonly block: PackBlock }>();
  #realDirectory: string | undefined;
  #scannedAt = Number.NEGATIVE_INFINITY;
  #scanning: Promise<void> | undefined;

  constructor({ directory, maxBytes }: PackCacheOptions) {
    this.#directory = directory;
    this.maxBytes = maxBytes;
  }

  /** The real path of the cache's directory, which is made. */
  realDirectory(): string {
    try {
      mkdirSync(join(this.#directory, 'use'), { recursive: true, mode: 0o700 });
      this.#realDirectory ??= realpathSync(this.#directory);
      return this.#realDirectory;
    } catch (cause) {
      throw new TributaryError('CONFIG.INVALID', {
        message: `The cache directory ${this.#directory} cannot be made: ${cause instanceof Error ? cause.message : ''}.`,
        fix: 'Set cache.directory to a folder that can be written, or cache to false.',
        object: this.#directory,
        cause,
      });
    }
  }

  /** A path for a file that `adopt` will take, or that goes with its reader. */
  newFile(extension: string): string {
    return join(this.realDirectory(), 'use', `${randomUUID()}${extension}`);
  }

  /** A path of the pack for one reader, who deletes it; undefined when there is no such pack, or it is damaged. */
  async use(id: string): Promise<string | undefined> {
    const entry = await this.#entry(id);
    if (entry === undefined) return undefined;
    const path = this.newFile(entry.pack.extension);
    try {
      await link(this.#file(entry.pack), path);
    } catch {
      this.#forget(entry);
      return undefined;
    }
    if (!entry.isVerified && !(await isWhole(path, entry.pack))) {
      await rm(path, { force: true });
      await this.#delete(entry);
      return undefined;
    }
    entry.isVerified = true;
    this.#touch(entry);
    return path;
  }

  /** The bytes of a block that some pack has. */
  async readBlock(id: string): Promise<Uint8Array | undefined> {
    await this.#look(this.#blocks.has(id));
    const found = this.#blocks.get(id);
    if (found === undefined) return undefined;
    const { entry, block } = found;
    let handle: FileHandle;
    try {
      handle = await open(this.#file(entry.pack));
    } catch {
      this.#forget(entry);
      return undefined;
    }
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.allocUnsafe(block.length),
        0,
        block.length,
        block.offset,
      );
      if (bytesRead === block.length && crc32(buffer) === block.crc) {
        this.#touch(entry);
        return buffer;
      }
    } finally {
      await handle.close();
    }
    await this.#delete(entry);
    return undefined;
  }

  /** Takes a link to the file, which stays its reader's. A cache that cannot be written is no failure of the query. */
  async adopt(path: string, pack: Pack): Promise<void> {
    const description = this.newFile('.json');
    const bytes = this.newFile(pack.extension);
    try {
      await link(path, bytes);
      const handle = await open(description, 'wx', 0o600);
      await handle.writeFile(packText(pack)).finally(() => handle.close());
      await mkdir(join(this.#directory, pack.id.slice(0, 2)), { recursive: true, mode: 0o700 });
      await rename(bytes, this.#file(pack));
      await rename(description, this.#description(pack.id));
    } catch {
      await Promise.all([rm(bytes, { force: true }), rm(description, { force: true })]);
      return;
    }
    this.#add(pack, Date.now(), true);
    await this.#makeRoom();
  }

  async #entry(id: string): Promise<Entry | undefined> {
    await this.#look(this.#packs.has(id));
    return this.#packs.get(id);
  }

  /** Looks for packs of other processes, where what is wanted is not known and the last look is not of just now. */
  async #look(isKnown: boolean): Promise<void> {
    if (isKnown || performance.now() - this.#scannedAt < rescanMs) return;
    this.#scanning ??= this.#scan().finally(() => {
      this.#scanning = undefined;
      this.#scannedAt = performance.now();
    });
    await this.#scanning;
  }

  async #scan(): Promise<void> {
    const folders = await readdir(this.#directory).catch(() => []);
    const seen = new Set<string>();
    for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      const names = await readdir(join(this.#directory, folder)).catch(() => []);
      for (const name of names) {
        if (!name.endsWith('.json')) continue;
        const id = name.slice(0, -'.json'.length);
        seen.add(id);
        await this.#learn(id);
      }
    }
    for (const entry of this.#packs.values()) if (!seen.has(entry.pack.id)) this.#forget(entry);
    await this.#sweep();
  }

  async #learn(id: string): Promise<void> {
    if (this.#packs.has(id)) return;
    const path = this.#description(id);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return;
    // One that cannot be read just now (too many open files, say) may be good.
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) return;
    const pack = parsePack(id, text);
    if (pack === undefined) await rm(path, { force: true });
    else this.#add(pack, found.mtimeMs, false);
  }

  async #sweep(): Promise<void> {
    const use = join(this.#directory, 'use');
    for (const name of await readdir(use).catch(() => [])) {
      const found = await stat(join(use, name)).catch(() => undefined);
      if (found !== undefined && Date.now() - found.ctimeMs > abandonedMs)
        await rm(join(use, name), { force: true });
    }
  }

  #add(pack: Pack, usedAt: number, isVerified: boolean): void {
    const entry: Entry = { pack, usedAt, isVerified };
    this.#packs.set(pack.id, entry);
    for (const block of pack.blocks) this.#blocks.set(block.id, { entry, block });
  }

  #forget(entry: Entry): void {
    this.#packs.delete(entry.pack.id);
    for (const { id } of entry.pack.blocks) {
      if (this.#blocks.get(id)?.entry === entry) this.#blocks.delete(id);
    }
  }

  async #delete(entry: Entry): Promise<void> {
    this.#forget(entry);
    await rm(this.#description(entry.pack.id), { force: true });
    await rm(this.#file(entry.pack), { force: true });
  }

  /** The description's modification time is when the pack was last used: other processes see it too. */
  #touch(entry: Entry): void {
    const now = Date.now();
    if (now - entry.usedAt < 1000) return;
    entry.usedAt = now;
    utimes(this.#description(entry.pack.id), now / 1000, now / 1000).catch(() => undefined);
  }

  async #makeRoom(): Promise<void> {
    const total = (): number => this.#packs.values().reduce((sum, { pack }) => sum + pack.size, 0);
    if (total() <= this.maxBytes) {
      // What other processes have added since the last look counts too.
      await this.#look(false);
      if (total() <= this.maxBytes) return;
    }
    await this.#learnUses();
    const oldestFirst = [...this.#packs.values()].toSorted((a, b) => a.usedAt - b.usedAt);
    let size = total();
    for (const entry of oldestFirst) {
      if (size <= this.maxBytes * 0.9) return;
      size -= entry.pack.size;
      await this.#delete(entry);
    }
  }

  /** Other processes use packs too. */
  async #learnUses(): Promise<void> {
    for (const entry of this.#packs.values()) {
      const found = await stat(this.#description(entry.pack.id)).catch(() => undefined);
      if (found === undefined) this.#forget(entry);
      else entry.usedAt = Math.max(entry.usedAt, found.mtimeMs);
    }
  }

  #file({ id, extension }: Pack): string {
    return join(this.#directory, id.slice(0, 2), `${id}${extension}`);
  }

  #description(id: string): string {
    return join(this.#directory, id.slice(0, 2), `${id}.json`);
  }
}

async function isWhole(path: string, { size, blocks }: Pack): Promise<boolean> {
  const handle = await open(path);
  try {
    if ((await handle.stat()).size !== size) return false;
    for (const { offset, length, crc } of blocks) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
      if (bytesRead !== length || crc32(buffer) !== crc) return false;
    }
    return true;
  } finally {
    await handle.close();
  }
}
