import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assertSha256, cachedOnce } from './cache.js';

describe('the cache', () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tributary-cache-'));
    vi.stubEnv('XDG_CACHE_HOME', home);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });

  it('fills a folder once, however many ask at once', async () => {
    let fills = 0;
    const fill = async (directory: string): Promise<void> => {
      fills++;
      await sleep(20);
      await writeFile(join(directory, 'file'), 'whole');
    };
    const found = await Promise.all(Array.from({ length: 5 }, () => cachedOnce('thing', fill)));
    expect(fills).toBe(1);
    expect(new Set(found)).toEqual(new Set([join(home, 'tributary', 'thing')]));
    expect(await readFile(join(home, 'tributary', 'thing', 'file'), 'utf8')).toBe('whole');
  });

  it('throws away what a failure left, and lets the next one try', async () => {
    const halfway = cachedOnce('thing', async (directory) => {
      await writeFile(join(directory, 'half'), '');
      throw new Error('the network is down');
    });
    await expect(halfway).rejects.toThrow('the network is down');
    expect(existsSync(join(home, 'tributary', 'thing'))).toBe(false);
    const directory = await cachedOnce('thing', (unfinished) => writeFile(join(unfinished, 'whole'), ''));
    expect(await readdir(directory)).toEqual(['whole']);
  });

  it('knows a file that is not the pinned one', async () => {
    const file = join(home, 'server.jar');
    await writeFile(file, 'bytes');
    await assertSha256(file, createHash('sha256').update('bytes').digest('hex'));
    await expect(assertSha256(file, '0'.repeat(64))).rejects.toThrow(
      /^server\.jar is not the pinned file: its SHA-256 is [0-9a-f]{64}, not 0{64}\.$/,
    );
  });
});
