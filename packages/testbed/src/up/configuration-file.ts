import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const heading = '# Written by `pnpm testbed up`, and gone when its servers are.';

export interface ConfiguredSource {
  readonly id: string;
  readonly connector: string;
  readonly options: SourceOptions;
}

/** Text, or more options below a key. */
export type SourceOptions = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The text of a `tributary.yaml`. What is JSON is YAML too. */
function configurationText(sources: readonly ConfiguredSource[]): string {
  const entries = sources.map(({ id, connector, options }) =>
    [
      `  ${id}:`,
      ...Object.entries({ connector, ...options }).map(
        ([key, value]) => `    ${key}: ${JSON.stringify(value)}`,
      ),
    ].join('\n'),
  );
  return `${heading}\nsources:\n${entries.join('\n')}\n`;
}

/** @throws Error rather than overwrite a file that a person wrote */
export async function writeConfiguration(file: string, sources: readonly ConfiguredSource[]): Promise<void> {
  if (existsSync(file) && !(await readFile(file, 'utf8')).startsWith(heading)) {
    throw new Error(`${file} exists and is not ours: name another file with --config.`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, configurationText(sources));
}

/** One statement that takes each table from another source, as far as there are enough. */
export function sampleQuery(ids: readonly string[]): string {
  const source = (index: number): string => ids[index % ids.length] ?? '';
  return [
    'select n.n_name, count(*) as orders, sum(l.l_extendedprice) as revenue',
    `from ${source(0)}.customer c`,
    `join ${source(1)}.orders o on o.o_custkey = c.c_custkey`,
    `join ${source(2)}.lineitem l on l.l_orderkey = o.o_orderkey`,
    `join ${source(3)}.nation n on n.n_nationkey = c.c_nationkey`,
    "where o.o_orderdate >= date '1998-07-01' group by n.n_name order by revenue desc limit 5",
  ].join(' ');
}
