import { TributaryError } from '@tributary/contract/errors';
import { type Expr, type Rel, type Scan, columnRef, compare, literal } from '@tributary/contract/plan';
import { type SqlDialect, duckdbDialect } from '@tributary/contract/render';
import type { KeySetValues, RemoteTableSchema, SqlCapabilities } from '@tributary/contract/source';
import { describe, expect, test } from 'vitest';
import { Execution } from '../../test/support/execution.js';
import { createSqlSource } from './create-sql-source.js';
import { withReadForms } from './read-forms.js';
import type { SqlDriver, SqlStatement } from './sql-driver.js';
import type { SqlSourceOptions } from './sql-source-options.js';

const signal = new AbortController().signal;
const bigint = { id: 'bigint' } as const;
const varchar = { id: 'varchar' } as const;

const dialect: SqlDialect = {
  ...duckdbDialect,
  name: 'test',
  placeholder: () => '?',
  keySet: (args, placeholders) => `${args.join()} = ANY (${placeholders.join()})`,
  keySetPlaceholder: () => '?',
};

const capabilities: SqlCapabilities = {
  kind: 'sql',
  dialect,
  joins: ['inner'],
  setOperations: [],
  aggregate: false,
  groupingSets: false,
  distinct: false,
  distinctOn: false,
  window: false,
  sort: true,
  limit: true,
  offset: true,
  values: false,
  with: false,
  dependentJoin: false,
  keySets: undefined,
};

const items: RemoteTableSchema = {
  table: { schema: 'main', name: 'items', kind: 'table' },
  columns: [],
  primaryKey: [],
  uniqueKeys: [],
  indexes: [],
  version: '1',
};

interface Probe {
  readonly statements: SqlStatement[];
  readonly described: (readonly string[])[];
}

function sourceOf(
  options: Partial<SqlSourceOptions> = {},
  driver: Partial<SqlDriver> = {},
): { readonly source: ReturnType<typeof createSqlSource>; readonly probe: Probe } {
  const probe: Probe = { statements: [], described: [] };
  const source = createSqlSource({
    sourceId: 'db',
    connector: 'test',
    latencyMs: 1,
    bandwidthMbps: 1000,
    costMultiplier: 1.5,
    computeContext: 'test://db',
    capabilities,
    classify: (error, { sourceId, object }) =>
      new TributaryError('SOURCE.QUERY_FAILED', { message: `${String(error)} in ${object}`, sourceId }),
    driver: {
      listTables: async () => [items.table],
      describeTable: async (path) => {
        probe.described.push(path);
        return path.at(-1) === 'items' ? items : undefined;
      },
      tableStatistics: async () => ({ rows: 5, columns: new Map(), origin: 'source' }),
      run: async (statement) => {
        probe.statements.push(statement);
        return { kind: 'rows', rows: noRows() };
      },
      checkHealth: async () => ({ healthy: true, findings: [] }),
      close: async () => undefined,
      ...driver,
    },
    ...options,
  });
  return { source, probe };
}

async function* noRows(): AsyncGenerator<never> {
  // An empty table.
}

const scan: Scan = {
  kind: 'scan',
  source: 'db',
  table: ['main', 'items'],
  columns: [
    { id: 1, name: 'id', type: bigint, nullable: false, comparison: 'ordered' },
    { id: 2, name: 'name', type: varchar, nullable: true, comparison: 'equality' },
  ],
};
const [id, name] = scan.columns.map(columnRef);

function filtered(...predicates: readonly Expr[]): Rel {
  return { kind: 'filter', input: scan, predicates };
}

function of(operand: Expr | undefined): Expr {
  if (operand === undefined) throw new Error('no such column');
  return operand;
}

const inKeys: Expr = { kind: 'in-key-set', keySet: 'k', args: [of(id)] };
const keys = (...values: readonly string[]): KeySetValues => ({
  id: 'k',
  count: values.length,
  columns: [values],
  relation: '',
});

async function statementOf(
  relation: Rel,
  options: Partial<SqlSourceOptions> = {},
  execution = new Execution(),
): Promise<SqlStatement | undefined> {
  await using running = execution;
  const { source, probe } = sourceOf(options);
  await source.describeTable(['items'], { signal });
  const keySets = [{ id: 'k', columns: [{ id: 0, name: 'k0', type: bigint }], estimatedKeys: 1 }];
  const estimate = { rows: 1, bytes: 1 };
  const plan = source.planRemoteQuery({ kind: 'relational', relation, keySets, estimate });
  await source.executeRemoteQuery(plan, running.context);
  return probe.statements[0];
}

describe('a statement', () => {
  test('with its parameters and columns', async () => {
    const parameter: Expr = { kind: 'parameter', name: '1', type: bigint };
    const parameters = new Map([['1', { type: bigint, value: '7' }]]);
    const statement = await statementOf(
      filtered(compare('=', of(id), parameter)),
      {},
      new Execution({ parameters }),
    );
    expect(statement).toMatchObject({
      sql: 'SELECT i."id", i."name"\nFROM "main"."items" AS i\nWHERE i."id" = ?',
      values: [{ kind: 'parameter', type: bigint, value: '7' }],
      columns: [
        { id: 1, name: 'id', type: bigint },
        { id: 2, name: 'name', type: varchar },
      ],
      object: 'main.items',
    });
  });

  test('of no columns has one of ones', async () => {
    const statement = await statementOf({ kind: 'project', input: scan, columns: [] });
    expect(statement?.columns).toEqual([{ id: 0, name: 'one', type: { id: 'integer' } }]);
  });

  test('with keys as one value', async () => {
    const statement = await statementOf(filtered(inKeys), {}, new Execution({ keys: [keys('1', '2')] }));
    expect(statement?.sql).toContain('"id" = ANY (?)');
    expect(statement?.values).toEqual([{ kind: 'keys', type: bigint, values: ['1', '2'] }]);
  });

  test('without keys that the database cannot have', async () => {
    const hasValue = (_: unknown, text: string): boolean => text !== '2';
    const statement = await statementOf(
      filtered(inKeys),
      { hasValue },
      new Execution({ keys: [keys('1', '2', '3')] }),
    );
    expect(statement?.values).toEqual([{ kind: 'keys', type: bigint, values: ['1', '3'] }]);
  });

  test('with keys in a form that depends on them', async () => {
    const keySetForm: SqlSourceOptions['keySetForm'] =
      (sets) =>
      ([arg = ''], _, __, keySet) =>
        `${arg} IN (${sets.get(keySet)?.columns[0]?.join(', ')})`;
    const statement = await statementOf(
      filtered(inKeys),
      { keySetForm },
      new Execution({ keys: [keys('4', '5')] }),
    );
    expect(statement?.sql).toContain('"id" IN (4, 5)');
    expect(statement?.values).toEqual([]);
  });

  test('of a scan request', async () => {
    await using execution = new Execution();
    const { source, probe } = sourceOf();
    const plan = source.planRemoteQuery({
      kind: 'scan',
      table: ['main', 'items'],
      columns: scan.columns.slice(0, 1),
      filterColumns: scan.columns.slice(1),
      filters: [compare('=', of(name), literal(varchar, 'ann'))],
      limit: 3,
      offset: 4,
      keySets: [],
      estimate: { rows: 1, bytes: 1 },
    });
    expect(plan.columns).toEqual([{ id: 1, name: 'id', type: bigint }]);
    await source.executeRemoteQuery(plan, execution.context);
    expect(probe.statements[0]?.sql).toMatch(/"name" = 'ann'.*LIMIT 3 OFFSET 4$/s);
  });
});

test('columns in another form, below everything', async () => {
  const prepareRelation: SqlSourceOptions['prepareRelation'] = (rel, tables) =>
    withReadForms(rel, (column, of) =>
      tables.of(of) !== undefined && column.name === 'name'
        ? (ref) => ({ kind: 'call', fn: 'upper', args: [ref], type: varchar })
        : undefined,
    );
  const statement = await statementOf(filtered(compare('<', of(name), literal(varchar, 'X'))), {
    prepareRelation,
  });
  expect(statement?.sql).toMatch(/upper\("?\w*"?\.?"name"\) < 'X'/);
  expect(statement?.columns.map((column) => column.id)).toEqual([1, 2]);
});

describe('a dialect that depends on the server', () => {
  test('is asked for each time, and the info stays the same while it does', () => {
    let now = capabilities;
    const { source } = sourceOf({ capabilities: () => now });
    const before = source.getInfo();
    expect(source.getInfo()).toBe(before);
    now = { ...capabilities, dialect: { ...dialect, quoteIdentifier: (text) => `[${text}]` } };
    expect(source.getInfo().capabilities).toBe(now);
    const plan = source.planRemoteQuery({
      kind: 'relational',
      relation: scan,
      keySets: [],
      estimate: { rows: 1, bytes: 1 },
    });
    expect(plan.native).toContain('[items]');
  });

  test('the rest of the info is what was given', () => {
    const { source } = sourceOf();
    expect(source.getInfo()).toMatchObject({
      sourceId: 'db',
      sourceType: 'database',
      connector: 'test',
      latencyMs: 1,
      bandwidthMbps: 1000,
      costMultiplier: 1.5,
      computeContext: 'test://db',
    });
  });
});

describe('the catalogue', () => {
  test('a described table is not described again for its statistics', async () => {
    const { source, probe } = sourceOf();
    expect(await source.getRemoteStatistics(items.table, { signal })).toMatchObject({ rows: 5 });
    expect(await source.getRemoteStatistics(items.table, { signal })).toMatchObject({ rows: 5 });
    expect(probe.described).toEqual([['main', 'items']]);
  });

  test('no table, no statistics', async () => {
    const { source } = sourceOf();
    expect(await source.getRemoteStatistics({ name: 'x', kind: 'table' }, { signal })).toBeUndefined();
  });
});

describe('errors', () => {
  test('of the driver are classified with what they are about', async () => {
    await using execution = new Execution();
    const { source } = sourceOf({}, { run: () => Promise.reject(new Error('broken')) });
    const plan = source.planRemoteQuery({
      kind: 'relational',
      relation: scan,
      keySets: [],
      estimate: { rows: 1, bytes: 1 },
    });
    await expect(source.executeRemoteQuery(plan, execution.context)).rejects.toThrow(
      'Error: broken in main.items',
    );
  });

  test('after an abort are its reason', async () => {
    const controller = new AbortController();
    const listTables = async (): Promise<never> => {
      controller.abort(new TributaryError('SOURCE.TIMEOUT', { message: 'too slow' }));
      throw new Error('socket closed');
    };
    const { source } = sourceOf({}, { listTables });
    await expect(source.listTables({ signal: controller.signal })).rejects.toThrow('too slow');
  });

  test('a plan of another connector is not run', async () => {
    await using execution = new Execution();
    const { source } = sourceOf();
    const plan = source.planRemoteQuery({
      kind: 'relational',
      relation: scan,
      keySets: [],
      estimate: { rows: 1, bytes: 1 },
    });
    const running = source.executeRemoteQuery({ ...plan, state: {} }, execution.context);
    await expect(running).rejects.toMatchObject({ code: 'ENGINE.INTERNAL' });
  });
});
