import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, createEngine } from '@tributary/core';
import { createDeltaSource } from '../src/index.js';
import { rowsOf } from './golden.js';

const versions = 200;

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-'));
  engine = await createEngine({ sources: [createDeltaSource('lake', { root })] });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

/** What `commit-writer.mjs` has in its table at a version. */
function stateAt(version: number): { readonly count: bigint; readonly low: bigint; readonly sum: bigint } {
  const first = Math.max(version - 4, 1);
  let sum = 0;
  for (let id = first; id <= version; id++) sum += id * 100 + 45;
  return { count: BigInt((version - first + 1) * 10), low: BigInt(first), sum: BigInt(sum) };
}

test('every answer is one version’s, whatever is committed meanwhile', async () => {
  const script = join(import.meta.dirname, 'support', 'commit-writer.mjs');
  const writer = spawn(process.execPath, [script, join(root, 't'), String(versions)], { stdio: 'inherit' });
  const writing = { over: false };
  const written = once(writer, 'exit').then(([code]: readonly unknown[]) => {
    writing.over = true;
    return code;
  });
  await committed(1);
  const seen = new Set<number>();
  const read = async (): Promise<void> => {
    for (let before = 0, isLast = false; !isLast;) {
      isLast = writing.over;
      // Two scans of one query, which see the same version.
      const [row] = await rowsOf(
        engine,
        `SELECT a.version, b.* FROM (SELECT max(id) AS version FROM lake.t) a,
          (SELECT count(*) AS count, min(id) AS low, sum(v)::BIGINT AS sum FROM lake.t WHERE v >= 0) b`,
      );
      const { version, ...state } = row as { readonly version: bigint };
      expect(state).toEqual(stateAt(Number(version)));
      expect(Number(version)).toBeGreaterThanOrEqual(before);
      before = Number(version);
      seen.add(before);
      // A version stays what it was.
      const old = Math.max(before - 3, 1);
      const [past] = await rowsOf(
        engine,
        `SELECT count(*) AS count, min(id) AS low, sum(v)::BIGINT AS sum FROM lake."t@v${old}"`,
      );
      expect(past).toEqual(stateAt(old));
    }
  };
  await Promise.all([read(), read(), read()]);
  expect(await written).toBe(0);
  expect(Math.max(...seen)).toBe(versions);
  expect(seen.size).toBeGreaterThan(5);
});

async function committed(version: number): Promise<void> {
  const path = join(root, 't', '_delta_log', `${String(version).padStart(20, '0')}.json`);
  while ((await stat(path).catch(() => undefined)) === undefined) await sleep(5);
}
