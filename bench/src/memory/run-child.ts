import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MemoryReport, MemoryTask } from './task.js';

export interface MemoryRun extends MemoryReport {
  /** Most bytes that were seen in the spill directory. */
  readonly spilledBytes: number;
}

const program = fileURLToPath(new URL('./child.js', import.meta.url));
const pollMs = 50;

/** Runs the task in a process of its own. @throws Error when it fails, or leaves files behind */
export async function runChild(task: MemoryTask): Promise<MemoryRun> {
  await mkdir(task.spillDirectory, { recursive: true });
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new AbortController();
  const watching = peakSize(task.spillDirectory, ended.signal);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  ended.abort();
  const spilledBytes = await watching;
  if (code !== 0) throw new Error(`The query under the memory limit failed with exit code ${String(code)}.`);
  const left = await readdir(task.spillDirectory);
  if (left.length > 0) throw new Error(`Left behind in the spill directory: ${left.join(', ')}`);
  const report: MemoryReport = JSON.parse(output);
  return { ...report, spilledBytes };
}

async function peakSize(directory: string, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    peak = Math.max(peak, await sizeOf(directory));
    await sleep(pollMs);
  }
  return peak;
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    // Files come and go while we look.
    const found = entry.isFile()
      ? await stat(join(entry.parentPath, entry.name)).catch(() => undefined)
      : undefined;
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
