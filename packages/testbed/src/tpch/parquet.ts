import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
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
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tributary');
  const directory = join(cache, `tpch-${generatorVersion}-sf${scale}`);
  if (existsSync(directory)) return directory;
  const generator = await installGenerator(cache);
  // Under its final name only when it is whole.
  const unfinished = `${directory}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await execute(generator, ['parquet', '-s', String(scale), `--output-dir=${unfinished}`]);
  await rename(unfinished, directory);
  return directory;
}

/** The text of TPC-H query 1 to 22, with the specification's validation parameters. */
export function tpchQuery(number: number): Promise<string> {
  return readFile(join(fixtures, 'tpch-queries', `q${String(number).padStart(2, '0')}.sql`), 'utf8');
}

/** 1 to 22. */
export const tpchQueryNumbers: readonly number[] = Array.from({ length: 22 }, (_, index) => index + 1);

async function installGenerator(cache: string): Promise<string> {
  const target = join(cache, `tpchgen-cli-${generatorVersion}`);
  const program = join(target, 'bin', 'tpchgen-cli');
  if (!existsSync(program)) {
    const install = `-m pip install --quiet --upgrade tpchgen-cli==${generatorVersion} --target`;
    await execute('python3', [...install.split(' '), target]);
  }
  return program;
}
