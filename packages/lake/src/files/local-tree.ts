import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { TributaryError, abortError } from '@tributary/connector-sdk';
import { mapFiles } from './concurrency.js';
import { fileError } from './file-error.js';
import type { FileEntry, FileStat, FileTree, RefusedEntry } from './file-tree.js';
import { fileEtag } from '../store/local-store.js';

/** Where a listing may go, and how far. */
interface ListingLimits {
  readonly sourceId: string;
  /** Real path of the root; nothing outside of it is read. */
  readonly root: string;
  readonly maxFiles: number;
  readonly signal: AbortSignal;
}

/** An entry of a folder on disk. */
interface LocalEntry extends FileEntry {
  /** Whether it is a symbolic link. Links are checked, not resolved, because folder names carry partitions. */
  readonly linked: boolean;
}

/** A folder on this machine as a tree. Links that lead out of it are refused. */
export async function openLocalTree(
  folder: string,
  { sourceId, maxFiles, signal }: Omit<ListingLimits, 'root'>,
): Promise<FileTree> {
  if (signal.aborted) throw abortError(signal);
  const root = await realpath(folder).catch((error: unknown) => {
    throw fileError(error, folder, sourceId);
  });
  const limits: ListingLimits = { sourceId, root, maxFiles, signal };
  return {
    sourceId,
    root,
    signal,
    resolve: (path) => resolve(root, path),
    kindOf: (path) => kindOf(path, limits),
    folder: (path) => listFolder(path, limits),
    filesBelow: (path) => listTree(path, limits),
    stat: (path) => statFile(path, limits),
    isDelta: async (path) => (await stat(join(path, '_delta_log')).catch(() => undefined)) !== undefined,
  };
}

async function kindOf(path: string, limits: ListingLimits): Promise<'file' | 'folder' | undefined> {
  if (!isInside(path, limits.root)) await assertInside(path, limits);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  await assertInside(path, limits);
  return found.isDirectory() ? 'folder' : 'file';
}

async function statFile(path: string, limits: ListingLimits): Promise<FileStat> {
  const { size, mtimeMs } = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, limits.sourceId);
  });
  return { key: path.slice(1), size, etag: fileEtag(size, mtimeMs) };
}

/** The visible entries of a folder, by name. Hidden are names with a leading dot or underscore, as in Hive and Spark. */
async function listFolder(
  folder: string,
  limits: ListingLimits,
): Promise<readonly (LocalEntry | RefusedEntry)[]> {
  if (limits.signal.aborted) throw abortError(limits.signal);
  let found: Dirent[];
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, folder, limits.sourceId);
  }
  const visible = found.filter((entry) => !/^[._]/.test(entry.name));
  const entries = await Promise.all(visible.map((entry) => resolveEntry(folder, entry, limits)));
  return entries.filter((entry) => entry !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every file below a folder, at any depth, by path. */
async function listTree(folder: string, limits: ListingLimits): Promise<readonly LocalEntry[]> {
  await assertInside(folder, limits);
  const files: LocalEntry[] = [];
  let level: readonly Visit[] = [{ path: folder, above: [await realPath(folder, limits)] }];
  while (level.length > 0) {
    const lists = await mapFiles(level, limits.signal, (visit) => listVisit(visit, limits));
    files.push(...lists.flatMap((list) => list.files));
    if (files.length > limits.maxFiles) throw tooManyFiles(folder, limits);
    level = lists.flatMap((list) => list.folders);
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** A folder on the way down. */
interface Visit {
  readonly path: string;
  /** Real paths of it and of the folders that led to it: a link back to one of them is not followed. */
  readonly above: readonly string[];
}

async function listVisit(
  { path, above }: Visit,
  limits: ListingLimits,
): Promise<{ readonly files: readonly LocalEntry[]; readonly folders: readonly Visit[] }> {
  const files: LocalEntry[] = [];
  const folders: Visit[] = [];
  for (const entry of await listFolder(path, limits)) {
    if (entry.kind === 'refused') throw entry.error;
    if (entry.kind === 'file') {
      files.push(entry);
      continue;
    }
    const real = entry.linked ? await realPath(entry.path, limits) : join(above.at(-1) ?? path, entry.name);
    if (!above.includes(real)) folders.push({ path: entry.path, above: [...above, real] });
  }
  return { files, folders };
}

/** @throws TributaryError SOURCE.PERMISSION when the path, links followed, lies outside of the root. */
async function assertInside(path: string, limits: ListingLimits): Promise<void> {
  if (isInside(await realPath(path, limits), limits.root)) return;
  throw new TributaryError('SOURCE.PERMISSION', {
    message: `${path} leads outside of the source's root ${limits.root}.`,
    fix: 'Move the files into the root, or make a source of the folder that they are in.',
    sourceId: limits.sourceId,
    object: path,
  });
}

async function realPath(path: string, limits: ListingLimits): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    throw fileError(error, path, limits.sourceId);
  });
}

function isInside(path: string, root: string): boolean {
  const below = relative(root, path);
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`));
}

async function resolveEntry(
  folder: string,
  entry: Dirent,
  limits: ListingLimits,
): Promise<LocalEntry | RefusedEntry | undefined> {
  const path = join(folder, entry.name);
  if (entry.isFile()) return { name: entry.name, path, kind: 'file', linked: false };
  if (entry.isDirectory()) return { name: entry.name, path, kind: 'folder', linked: false };
  if (!entry.isSymbolicLink()) return undefined;
  try {
    await assertInside(path, limits);
    const target = await stat(path);
    if (target.isFile()) return { name: entry.name, path, kind: 'file', linked: true };
    return target.isDirectory() ? { name: entry.name, path, kind: 'folder', linked: true } : undefined;
  } catch (error) {
    return { name: entry.name, path, kind: 'refused', error: fileError(error, path, limits.sourceId) };
  }
}

function tooManyFiles(folder: string, limits: ListingLimits): TributaryError {
  return new TributaryError('CONFIG.INVALID', {
    message: `${folder} holds more than ${limits.maxFiles} files.`,
    fix: 'Point the source or the table at a narrower folder, or raise maxFiles.',
    sourceId: limits.sourceId,
    object: folder,
  });
}
