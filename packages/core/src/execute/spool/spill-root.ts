import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TributaryError } from '@tributary/contract';
import { QuerySpool } from './query-spool.js';

/** How old the reading of DuckDB's temporary files may be, in milliseconds. */
const usageMaxAgeMs = 100;

/** Roots of this process that are not closed yet: one listener removes them all. */
const removedAtExit = new Set<string>();

function removeAll(): void {
  for (const path of removedAtExit) removeTree(path);
}

/**
 * An engine's directory for staging and spilling, private to the user (0700). Its quota covers staged files and what
 * DuckDB spills. Removed at `close`, at the process's end, and, after a crash, by the next engine on the machine.
 */
export class SpillRoot {
  readonly path: string;
  readonly quotaBytes: number;
  /** Where DuckDB spills. */
  readonly tempDirectory: string;
  #reserved = 0;
  #tempUsage = { bytes: 0, readAt: Number.NEGATIVE_INFINITY };

  constructor(parent: string, quotaBytes: number) {
    removeStaleRoots(parent);
    this.path = mkdtempSync(join(parent, `${rootPrefix()}${process.pid}-`));
    this.quotaBytes = quotaBytes;
    this.tempDirectory = join(this.path, 'duckdb');
    mkdirSync(this.tempDirectory, { mode: 0o700 });
    removedAtExit.add(this.path);
    process.off('exit', removeAll).on('exit', removeAll);
  }

  /** A directory for one query's staging. */
  openQuerySpool(queryId: string): QuerySpool {
    return new QuerySpool(this, join(this.path, queryId));
  }

  get reservedBytes(): number {
    return this.#reserved;
  }

  /** @throws TributaryError RESOURCE.SPILL_FULL */
  reserve(bytes: number): void {
    const wanted = this.#reserved + bytes;
    if (wanted > this.quotaBytes || wanted + this.#tempBytes() > this.quotaBytes) {
      throw new TributaryError('RESOURCE.SPILL_FULL', {
        message:
          `Staging ${bytes} more bytes would exceed the spill quota of ${this.quotaBytes} bytes ` +
          `(${this.#reserved} staged, ${this.#tempUsage.bytes} spilled).`,
        object: this.path,
      });
    }
    this.#reserved = wanted;
  }

  release(bytes: number): void {
    this.#reserved = Math.max(0, this.#reserved - bytes);
  }

  close(): void {
    removedAtExit.delete(this.path);
    removeTree(this.path);
  }

  #tempBytes(): number {
    const now = performance.now();
    if (now - this.#tempUsage.readAt > usageMaxAgeMs) {
      this.#tempUsage = { bytes: directoryBytes(this.tempDirectory), readAt: now };
    }
    return this.#tempUsage.bytes;
  }
}

/** Names who may judge a root's process: its id says nothing on another host or in another container. */
function rootPrefix(): string {
  const namespace = createHash('sha256')
    .update(`${hostname()} ${processNamespace()}`)
    .digest('hex')
    .slice(0, 8);
  return `tributary-spill-${namespace}-`;
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function removeStaleRoots(parent: string): void {
  const prefix = rootPrefix();
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (pid > 0 && !isAlive(pid)) removeTree(join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return errorCode(error) === 'EPERM';
  }
}

function directoryBytes(path: string): number {
  let bytes = 0;
  for (const name of readdirSync(path)) {
    try {
      // Blocks, not size: DuckDB's temporary files are sparse. The unit of `blocks` is 512 bytes.
      bytes += statSync(join(path, name)).blocks * 512;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return bytes;
}

function removeTree(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
