import { sideBySide } from '../harness/side-by-side.js';
import { ClickhouseAnswers } from '../peers/clickhouse-answers.js';
import { MysqlRows } from '../peers/mysql-rows.js';
import { type Case, msFigures } from '../report/section.js';
import type { World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';
import {
  type Target,
  byHandGoal,
  byHandNote,
  joinKeys,
  keyCounts,
  keyFile,
  readKeys,
  targets,
  writeKeys,
} from './keys.js';

/** Fetches the rows of the keys as one would without us; returns how many there are. */
type ByHand = (target: Target, keys: readonly string[]) => Promise<number>;

export const keySetsMysql: Benchmark = {
  name: 'key-sets-mysql',
  summary: '10 to 10,000 keys of a Parquet file joined with a large table in MySQL',
  async run(world, say) {
    say('starting MySQL and loading it');
    await using rows = new MysqlRows(await world.tables.url('mysql'));
    return {
      title: 'Key sets: keys of a Parquet file joined with a table in MySQL',
      about: about('mysql2'),
      cases: await measureAll(world, 'mysql', say, (target, keys) =>
        rows.count(`${selectWhere(target)} IN (?)`, [keys.map(Number)]),
      ),
      notes: [byHandNote],
    };
  },
};

export const keySetsClickhouse: Benchmark = {
  name: 'key-sets-clickhouse',
  summary: '10 to 10,000 keys of a Parquet file joined with a large table in ClickHouse',
  async run(world, say) {
    say('starting ClickHouse and loading it');
    await using answers = new ClickhouseAnswers(await world.tables.url('clickhouse'));
    return {
      title: 'Key sets: keys of a Parquet file joined with a table in ClickHouse',
      about: about('@clickhouse/client, the rows as JSON'),
      cases: await measureAll(world, 'clickhouse', say, (target, keys) =>
        answers.count(`${selectWhere(target)} IN (${keys.join(',')})`),
      ),
      notes: [byHandNote, 'orders has no index on its keys here: ClickHouse reads the column, by hand too.'],
    };
  },
};

function about(client: string): string {
  return `\`SELECT … FROM lake.keys k JOIN shop.<table> t ON t.<column> = k.key\`, the rows delivered. By hand: the same
keys, already in memory, as one \`IN (…)\` through ${client}. Keys are drawn at random.`;
}

function selectWhere({ table, key, columns }: Target): string {
  return `SELECT ${key}, ${columns} FROM ${table} WHERE ${key}`;
}

async function measureAll(
  world: World,
  kind: 'mysql' | 'clickhouse',
  say: (line: string) => void,
  byHand: ByHand,
): Promise<readonly Case[]> {
  const folder = await writeKeys(world);
  await using engine = await world.engineOver(kind, folder);
  const cases: Case[] = [];
  for (const target of targets) {
    for (const count of keyCounts) {
      say(`${count} keys of ${target.table}`);
      const keys = await readKeys(keyFile(folder, target, count));
      const medians = await sideBySide(
        [
          {
            name: 'tributary',
            run: async () => ({ answer: `${await joinKeys(engine, target, count)} rows` }),
          },
          { name: 'by hand', run: async () => ({ answer: `${await byHand(target, keys)} rows` }) },
        ],
        { warmUp: 10, measured: 31 },
      );
      const [ours = NaN, sent = NaN] = medians.values();
      cases.push({
        name: `${count} keys of ${target.table}`,
        figures: msFigures(medians),
        goals: [byHandGoal(ours, sent)],
      });
    }
  }
  return cases;
}
