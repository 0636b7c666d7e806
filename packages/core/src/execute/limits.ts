import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { TributaryError } from '@tributary/contract';
import type { EngineOptions } from '../api.js';
import { parseByteSize } from './byte-size.js';

/** What the executor may use, with every default filled in. */
export interface ExecutionLimits {
  readonly memoryBytes: number;
  readonly spillDirectory: string;
  readonly spillQuotaBytes: number;
  readonly threads: number;
  /** Milliseconds for a source's part of a query. */
  readonly timeoutMs: number;
  readonly sourceTimeoutsMs: Readonly<Record<string, number>>;
  readonly maxConcurrentQueries: number;
}

const defaultMemoryBytes = 4 * 2 ** 30;

type LimitOptions = Pick<
  EngineOptions,
  | 'memoryLimit'
  | 'spillDirectory'
  | 'spillQuota'
  | 'threads'
  | 'timeoutMs'
  | 'sourceTimeoutsMs'
  | 'maxConcurrentQueries'
>;

/** @throws TributaryError CONFIG.INVALID naming the option. */
export function resolveLimits(options: LimitOptions): ExecutionLimits {
  const spillDirectory = options.spillDirectory ?? tmpdir();
  if (!existsSync(spillDirectory)) throw invalid('spillDirectory', `"${spillDirectory}" does not exist.`);
  for (const [sourceId, timeoutMs] of Object.entries(options.sourceTimeoutsMs ?? {})) {
    positive(timeoutMs, `sourceTimeoutsMs.${sourceId}`);
  }
  return {
    memoryBytes:
      options.memoryLimit === undefined
        ? Math.min(Math.floor(totalmem() * 0.8), defaultMemoryBytes)
        : parseByteSize(options.memoryLimit, 'memoryLimit'),
    spillDirectory,
    spillQuotaBytes:
      options.spillQuota === undefined
        ? Math.floor(freeBytes(spillDirectory) * 0.9)
        : parseByteSize(options.spillQuota, 'spillQuota'),
    threads: positive(options.threads ?? availableParallelism(), 'threads'),
    timeoutMs: positive(options.timeoutMs ?? 30_000, 'timeoutMs'),
    sourceTimeoutsMs: options.sourceTimeoutsMs ?? {},
    maxConcurrentQueries: positive(options.maxConcurrentQueries ?? 16, 'maxConcurrentQueries'),
  };
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

function positive(value: number, key: string): number {
  if (!Number.isInteger(value) || value < 1) throw invalid(key, `${value} is not a positive whole number.`);
  return value;
}

function invalid(key: string, message: string): TributaryError {
  return new TributaryError('CONFIG.INVALID', { message: `${key}: ${message}`, object: key });
}
