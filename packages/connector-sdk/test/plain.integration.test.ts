import { createEngine } from '@tributary/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type PlainColumn,
  type PlainRead,
  type PlainTable,
  type SimplePredicate,
  createPlainSource,
} from '../src/plain/index.js';
import type { Row, Value } from '../src/results/index.js';

/** What a source may declare of its one table, honestly. */
interface Declared {
  readonly filters: readonly NonNullable<PlainColumn['filters']>[];
  readonly filtering: readonly NonNullable<PlainColumn['filtering']>[];
  readonly limit: NonNullable<PlainTable['limit']>;
  readonly maxInValues: number;
}

const names = ['n', 't', 'd'] as const;
const types = [{ id: 'bigint' }, { id: 'varchar' }, { id: 'date' }] as const;

const values = {
  n: [null, '-9223372036854775808', '-1', '0', '1', '2', '9223372036854775807'],
  t: [null, '', 'a', 'A', 'a ', 'é', '😀', "it's"],
  d: [null, '0001-01-01', '1999-12-31', '2000-01-01', '9999-12-31'],
} as const;

const rows = values.n.flatMap((n, i) =>
  values.t.map((t, j): Row => [n, t, values.d[(i + j) % values.d.length]]),
);

/** A table that does as it declares: where it finds too much, it folds case and ignores the rest of a comparison. */
function tableOf({ filters, filtering, limit, maxInValues }: Declared): PlainTable {
  const columns = names.map((name, i): PlainColumn => ({
    name,
    type: types[i] ?? types[0],
    filters: filters[i] ?? [],
    filtering: filtering[i] ?? 'exact',
  }));
  return { table: { name: 'items', kind: 'table' }, columns, limit, maxInValues };
}

async function* answer({ table, columns, predicates, limit }: PlainRead): AsyncGenerator<readonly Row[]> {
  const indexOf = (name: string): number => names.findIndex((each) => each === name);
  const found = rows.filter((row) => predicates.every((p) => matches(p, row[indexOf(p.column)], table)));
  // Whole pages, where that is all that was declared.
  const most = table.limit === 'at-least' && limit !== undefined ? Math.ceil(limit / 3) * 3 : limit;
  yield found.slice(0, most).map((row) => columns.map(({ name }) => row[indexOf(name)]));
}

function matches(predicate: SimplePredicate, value: Value, table: PlainTable): boolean {
  const column = table.columns.find(({ name }) => name === predicate.column);
  if (column?.filters?.includes(predicate.op) !== true) throw new Error(`${predicate.op} was not declared`);
  if ('values' in predicate && predicate.values.length > (table.maxInValues ?? 0))
    throw new Error('too many values');
  if (predicate.op === 'is-null' || predicate.op === 'is-not-null') {
    return (value === null) === (predicate.op === 'is-null');
  }
  if (typeof value !== 'string') return false;
  const fold = (text: string): string => (column.filtering === 'superset' ? text.toLowerCase() : text);
  if (predicate.op === 'in') return predicate.values.some((each) => fold(each) === fold(value));
  const order = compare(column.type.id, fold(value), fold(predicate.value));
  switch (predicate.op) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0 || column.filtering === 'superset';
    case '<':
      return order < 0 || column.filtering === 'superset';
    case '<=':
      return order <= 0 || column.filtering === 'superset';
    case '>':
      return order > 0 || column.filtering === 'superset';
    case '>=':
      return order >= 0 || column.filtering === 'superset';
  }
}

function compare(type: string, a: string, b: string): number {
  if (type === 'bigint') return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const operators = ['=', '<>', '<', '<=', '>', '>=', 'in', 'is-null', 'is-not-null'] as const;

const declared: fc.Arbitrary<Declared> = fc.record({
  filters: fc.array(fc.subarray([...operators]), { minLength: 3, maxLength: 3 }),
  filtering: fc.array(fc.constantFrom('exact', 'superset'), { minLength: 3, maxLength: 3 }),
  limit: fc.constantFrom('none', 'at-least', 'exact'),
  maxInValues: fc.integer({ min: 1, max: 4 }),
});

const literal = (name: (typeof names)[number]): fc.Arbitrary<string> =>
  fc.constantFrom(...values[name].filter((value) => value !== null)).map((value) => {
    const text = `'${value.replaceAll("'", "''")}'`;
    return name === 'd' ? `date ${text}` : name === 'n' ? `${text}::bigint` : text;
  });

const conjunct: fc.Arbitrary<string> = fc.constantFrom(...names).chain((name) =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), literal(name))
      .map(([op, value]) => `${name} ${op} ${value}`),
    literal(name).map((value) => `${value} >= ${name}`),
    fc.array(literal(name), { minLength: 1, maxLength: 6 }).map((list) => `${name} in (${list.join(', ')})`),
    fc
      .array(literal(name), { minLength: 1, maxLength: 3 })
      .map((list) => `${name} not in (${list.join(', ')})`),
    fc.constantFrom(`${name} is null`, `${name} is not null`),
    fc.tuple(literal(name), literal(name)).map(([low, high]) => `${name} between ${low} and ${high}`),
    fc.tuple(literal(name), literal(name)).map(([a, b]) => `(${name} = ${a} or ${name} > ${b})`),
  ),
);

const question = fc.record({
  columns: fc.subarray([...names], { minLength: 1 }),
  conjuncts: fc.array(conjunct, { maxLength: 3 }),
  limit: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
  keys: fc.option(fc.constantFrom(...names), { nil: undefined }),
});

type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

/** With a LIMIT any rows will do, so only their number is asked for. */
function sqlOf({ columns, conjuncts, limit, keys }: Question): string {
  const where = conjuncts.length === 0 ? '' : ` where ${conjuncts.join(' and ')}`;
  const items = `select ${names.join(', ')} from api.items${where}`;
  const list = columns.join(', ');
  if (keys !== undefined) {
    const cast = keys === 'n' ? 'k::bigint' : keys === 'd' ? 'k::date' : 'k';
    const some = values[keys]
      .filter((_, i) => i % 2 === 1)
      .map((value) => `('${value?.replaceAll("'", "''")}')`);
    const small = `select ${cast} as k from (values ${some.join(', ')}) v(k)`;
    return `select ${list} from (${small}) join (${items}) on ${keys} = k order by all`;
  }
  if (limit !== undefined) return `select count(*) as c from (${items} limit ${limit})`;
  return `select ${list} from (${items}) order by all`;
}

test('whatever a plain source declares, the answer is the engine’s own', async () => {
  const questions = fc.array(question, { minLength: 10, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(declared, questions, async (declares, asked) => {
      const source = createPlainSource({
        sourceId: 'api',
        connector: 'test',
        reader: {
          tables: async () => [tableOf(declares)],
          read: (read) => ({ kind: 'rows', rows: answer(read) }),
        },
      });
      await using engine = await createEngine({ sources: [source], memoryLimit: '100MB', threads: 1 });
      for (const sql of asked.map(sqlOf)) {
        await using pushed = await engine.query(sql);
        await using kept = await engine.query(sql, { pushdown: 'off' });
        expect(await pushed.rows(), sql).toEqual(await kept.rows());
      }
    }),
    { numRuns: 25, interruptAfterTimeLimit: 60_000 },
  );
});
