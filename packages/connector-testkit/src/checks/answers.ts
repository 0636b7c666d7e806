import type { ColumnName } from '../generate/hostile-columns.js';
import { type GeneratorWorld } from '../generate/maker.js';
import type { GeneratedQuery } from '../generate/queries.js';
import { checkGenerated } from '../generate/run-generated.js';
import { checkQuery, comparedModes } from '../run/check-query.js';
import { sameEverywhere } from '../run/compare-with-oracle.js';
import { inParallel } from '../run/in-parallel.js';
import type { Check } from '../suite/check.js';
import { quoteName } from '../world/sql-name.js';
import type { World } from '../world/world.js';

const parts = 3;
export const defaultSeed = 20_261_121;
export const defaultStatements = 180;

/** Statements about one column of two tables. */
type ColumnStatements = (column: string, a: string, b: string) => readonly string[];

const perColumn: Readonly<Record<string, { readonly title: string; readonly statements: ColumnStatements }>> =
  {
    grouping: {
      title: 'GROUP BY and DISTINCT tell the same values apart',
      statements: (c, a) => [
        `SELECT ${c}, count(*) FROM ${a} GROUP BY ${c}`,
        `SELECT DISTINCT ${c} FROM ${a}`,
        `SELECT count(DISTINCT ${c}), count(${c}) FROM ${a}`,
      ],
    },
    extremes: {
      title: 'min and max, with and without rows',
      statements: (c, a) => [
        `SELECT min(${c}), max(${c}) FROM ${a}`,
        `SELECT min(${c}), max(${c}) FROM ${a} WHERE id < 0`,
      ],
    },
    order: {
      title: 'ORDER BY puts values and NULLs in the same places',
      statements: (c, a) => [
        `SELECT ${c}, id FROM ${a} ORDER BY ${c} NULLS FIRST, id LIMIT 12`,
        `SELECT ${c}, id FROM ${a} ORDER BY ${c} DESC NULLS LAST, id LIMIT 40`,
      ],
    },
    joins: {
      title: 'a join within the source matches the same rows, and NULL with nothing',
      statements: (c, a, b) => [
        `SELECT x.id, y.id FROM ${a} x JOIN ${b} y ON x.${c} = y.${c}`,
        `SELECT x.id, y.id FROM ${a} x LEFT JOIN ${b} y ON x.${c} = y.${c} AND y.id < 10`,
        `SELECT id FROM ${a} x WHERE NOT EXISTS (SELECT 1 FROM ${b} y WHERE x.${c} = y.${c})`,
      ],
    },
  };

export const answerChecks: readonly Check[] = [
  ...Object.entries(perColumn).map(([name, { title, statements }]): Check => ({
    id: `answers.${name}`,
    title,
    run: (world) =>
      inParallel(comparable(world), (column) =>
        all(world, statements(quoteName(column), world.tested('a'), world.tested('b'))),
      ),
  })),
  {
    id: 'answers.key-sets',
    title: 'rows that another source asks for by their keys: all of them, no others, none for NULL',
    run: (world) => inParallel(comparable(world), (column) => keySetStatements(world, quoteName(column))),
  },
  ...Array.from({ length: parts }, (_, part): Check => ({
    id: `answers.generated-${part + 1}`,
    title: `generated statements, part ${part + 1} of ${parts}`,
    run: (world) => {
      const { seed = defaultSeed, statements = defaultStatements } = world.subject;
      const sample = {
        world: generatorWorld(world),
        seed: seed + part,
        count: Math.ceil(statements / parts),
      };
      return checkGenerated(sample, async (query) => {
        if (!isHeld(query, world)) return;
        await checkQuery(world.engine, world.duckdb, query, comparedModes);
      });
    },
  })),
];

/** Columns that both sources have; equal intervals may look different, so that none of them is the answer. */
function comparable(world: World): readonly ColumnName[] {
  return world.tables.generated.filter((name) => name !== 'iv' && name !== 'id');
}

/** Pushed down only: without pushdown the engine reads whole columns, whatever it does with them, and `types` has seen to these. */
async function all(world: World, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    await sameEverywhere(world, { sql, ordered: sql.includes('ORDER BY') }, ['auto']);
  }
}

/** The suite's own side is small and read first, so its keys go to the source. */
async function keySetStatements(world: World, column: string): Promise<void> {
  const [tested, local] = [world.tested('a'), world.local('b')];
  await all(world, [
    `SELECT x.id, y.id FROM ${local} x JOIN ${tested} y ON x.${column} = y.${column} WHERE x.id IN (1, 9, 17)`,
    `SELECT y.id FROM ${tested} y WHERE y.${column} IN (SELECT x.${column} FROM ${local} x WHERE x.id IN (2, 30, 44))`,
    `SELECT x.id, y.id FROM ${local} x JOIN ${tested} y ON x.${column} = y.${column} AND x.k = y.k WHERE x.id IN (3, 5)`,
  ]);
}

/** Whether the source has values for all parameters; for others it may say SOURCE.UNREPRESENTABLE_VALUE. */
function isHeld({ parameters }: GeneratedQuery, { subject }: World): boolean {
  const gaps = subject.knownGaps ?? [];
  return parameters.every(({ type, value }) =>
    gaps.every(
      (gap) =>
        gap.what !== 'values' ||
        value === null ||
        !gap.types.includes(type.id) ||
        gap.holds(value, { name: '', type, nullable: true }),
    ),
  );
}

/** Half of the statements read the source alone, so that all of it may run there. */
function generatorWorld(world: World): GeneratorWorld {
  const tested = [world.tested('a'), world.tested('b')];
  return {
    tableSets: [tested, [...tested, world.local('a'), world.local('b')]],
    columns: world.tables.generated,
  };
}
