import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedOnce } from '../install/cache.js';
import { runProgram } from '../install/programs.js';

const generatorVersion = '4.0.0';
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/**
 * The folder that holds `<table>.parquet` for the eight TPC-H tables.
 *
 * Scale factor 0.01 is committed. Any other is made once by tpchgen-cli (from PyPI, needs python3 with pip) and
 * kept in the user's cache folder, outside the checkout.
 *
 * @param scale the scale factor; 1 is about 350 MB
 */
export async function tpchParquet(scale: number): Promise<string> {
  if (scale === 0.01) return join(fixtures, 'tpch-0.01');
  return cachedOnce(`tpch-${generatorVersion}-sf${scale}`, async (directory) => {
    await runProgram(await installGenerator(), ['parquet', '-s', String(scale), `--output-dir=${directory}`]);
  });
}

/** The text of TPC-H query 1 to 22, with the specification's validation parameters. */
export function tpchQuery(number: number): Promise<string> {
  return readFile(join(fixtures, 'tpch-queries', `q${String(number).padStart(2, '0')}.sql`), 'utf8');
}

/** 1 to 22. */
export const tpchQueryNumbers: readonly number[] = Array.from({ length: 22 }, (_, index) => index + 1);

async function installGenerator(): Promise<string> {
  const folder = await cachedOnce(`tpchgen-cli-${generatorVersion}`, async (directory) => {
    const install = [
      '-m',
      'pip',
      'install',
      '--quiet',
      `tpchgen-cli==${generatorVersion}`,
      '--target',
      directory,
    ];
    await runProgram('python3', install);
  });
  return join(folder, 'bin', 'tpchgen-cli');
}
