import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.js';
import type { Section } from './section.js';

/** What one run of a benchmark found, and where. */
export interface BenchmarkResult {
  readonly day: string;
  readonly scale: number;
  /** Processes that wanted to run, as a mean of the last minute. */
  readonly load: number;
  readonly machine: Machine;
  readonly section: Section;
}

export async function saveResult(name: string, result: BenchmarkResult): Promise<void> {
  const path = pathOf(name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(result, undefined, 2)}\n`);
}

/** The latest results of these benchmarks, without those that were never kept. */
export async function readResults(names: readonly string[]): Promise<readonly BenchmarkResult[]> {
  const paths = names.map(pathOf).filter((path) => existsSync(path));
  return Promise.all(
    paths.map(async (path): Promise<BenchmarkResult> => JSON.parse(await readFile(path, 'utf8'))),
  );
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../results/${name}.json`, import.meta.url));
}
