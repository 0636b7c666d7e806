import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { whileLocked } from './lock.js';

/** Where installed servers and generated data are kept: per user, outside the checkout. */
function cacheDirectory(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tributary');
}

/**
 * The folder `name` of the cache, filled on first use, by one process however many ask for it at once.
 *
 * It has its name only when it is whole: what a crash left behind is thrown away.
 */
export async function cachedOnce(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(cacheDirectory(), name);
  if (existsSync(directory)) return directory;
  await whileLocked(directory, async () => {
    if (existsSync(directory)) return;
    const unfinished = `${directory}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await fill(unfinished);
    await rename(unfinished, directory);
  });
  return directory;
}

/** @throws Error when the file is not the one whose hash was pinned */
export async function assertSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const actual = hash.digest('hex');
  if (actual === expected) return;
  throw new Error(`${basename(file)} is not the pinned file: its SHA-256 is ${actual}, not ${expected}.`);
}
