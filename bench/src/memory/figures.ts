import type { Figure, Goal } from '../report/section.js';
import type { MemoryRun } from './run-child.js';

export function memoryFigures(run: MemoryRun): readonly Figure[] {
  return [
    ['rows to the caller', String(run.rows)],
    ['rows fetched', String(run.rowsFetched)],
    ['seconds', (run.ms / 1000).toFixed(1)],
    ['Node alone', mebibytes(run.baseBytes)],
    ['peak', mebibytes(run.peakBytes)],
    ['most in the spill directory', mebibytes(run.spilledBytes)],
  ];
}

/** DuckDB keeps to its limit; Node gets as much again. */
export function withinLimit(run: MemoryRun, limitBytes: number): Goal {
  const above = run.peakBytes - run.baseBytes;
  return {
    name: 'above Node alone',
    value: mebibytes(above),
    wanted: `at most ${mebibytes(2 * limitBytes)}`,
    met: above <= 2 * limitBytes,
  };
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
