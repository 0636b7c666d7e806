import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { TributaryError, abortError } from '@tributary/connector-sdk';
import { mapFiles } from './concurrency.js';
import { fileError } from './file-error.js';

/** Where a listing may go, and how far. */
export interface ListingLimits {
  readonly sourceId: string;
  /** Real path of the root; nothing outside of it is read. */
  readonly root: string;
  readonly maxFiles: number;
  readonly signal: AbortSignal;
}

export type Entry = FileEntry | RefusedEntry;

export interface FileEntry {
  readonly name: string;
  /** Absolute path below the root; symbolic links are checked, not resolved, because folder names carry partitions. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Whether it is a symbolic link. */
  readonly linked: boolean;
}

/** A symbolic link that leads nowhere or out of the root: an error for whoever wants to read it. */
export interface RefusedEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'refused';
  readonly error: unknown;
}

/** The visible entries of a folder, by name. Hidden are names with a leading dot or underscore, as in Hive and Spark. */
export async function listFolder(folder: string, limits: ListingLimits): Promise<readonly Entry[]> {
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
export async function listTree(folder: string, limits: ListingLimits): Promise<readonly FileEntry[]> {
  const files: FileEntry[] = [];
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
): Promise<{ readonly files: readonly FileEntry[]; readonly folders: readonly Visit[] }> {
  const files: FileEntry[] = [];
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
export async function assertInside(path: string, limits: ListingLimits): Promise<void> {
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

export function isInside(path: string, root: string): boolean {
  const below = relative(root, path);
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`));
}

async function resolveEntry(
  folder: string,
  entry: Dirent,
  limits: ListingLimits,
): Promise<Entry | undefined> {
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
