import {
  type Expr,
  type IFederatedDataSource,
  type Rel,
  type RemoteQueryPlan,
  RenderRefusal,
  type Scan,
  type SqlDialect,
  columnsOf,
  duckdbDialect,
  renderQuery,
} from '@tributary/connector-sdk';
import { type PlainDuckDB, type Row, compareRows, openPlainDuckDB } from '@tributary/oracle';
import { ConformanceError } from '../suite/conformance-error.js';
import { quoteName } from '../world/sql-name.js';
import { ref, rowsBetween, scanOf, withColumns } from './expressions.js';
import type { HostileServer } from './hostile-server.js';
import { relationOf } from './relation-of.js';
import { TestQuery } from './test-query.js';

type Answer = readonly Row[] | 'fails';

export interface CompareAs {
  readonly ordered?: boolean;
  /** Which of -0 and 0 stands for a group, or comes first, is anybody's choice: they are equal. */
  readonly oneZero?: boolean;
  /** Floats to within rounding: sums depend on the order of addition. */
  readonly rounded?: boolean;
}

/** A database and a DuckDB that hold the same hostile values, and the question whether they agree. */
export class HostileEngines<Type extends string> implements AsyncDisposable {
  readonly #server: HostileServer<Type>;
  readonly #duckdb: PlainDuckDB;
  readonly #scans: ReadonlyMap<Type, Scan>;

  private constructor(server: HostileServer<Type>, duckdb: PlainDuckDB, scans: ReadonlyMap<Type, Scan>) {
    this.#server = server;
    this.#duckdb = duckdb;
    this.#scans = scans;
  }

  /** Copies the tables into DuckDB, through the source itself. */
  static async over<Type extends string>(
    server: HostileServer<Type>,
    types: readonly Type[],
  ): Promise<HostileEngines<Type>> {
    const duckdb = await openPlainDuckDB();
    const scans = new Map<Type, Scan>();
    for (const type of types) scans.set(type, await copyTable(server.source, server.table(type), duckdb));
    return new HostileEngines(server, duckdb, scans);
  }

  get dialect(): SqlDialect {
    const { capabilities } = this.#server.source.getInfo();
    if (capabilities.kind !== 'sql') throw new ConformanceError('The source has no SQL dialect.');
    return capabilities.dialect;
  }

  scan(type: Type): Scan {
    const scan = this.#scans.get(type);
    if (scan === undefined) throw new RangeError(`no table for ${type}`);
    return scan;
  }

  /** The statement that the source would send; undefined where it keeps the relation. */
  native(relation: Rel): string | undefined {
    try {
      return planOf(this.#server.source, relation).native;
    } catch (error) {
      if (error instanceof RenderRefusal) return undefined;
      throw error;
    }
  }

  /** What differs between the two answers; empty where they agree to the last bit. */
  async differences(relation: Rel, options: CompareAs = {}): Promise<readonly string[]> {
    const [ours, theirs] = await this.#both(relation);
    if (options.rounded === true && ours !== 'fails' && theirs !== 'fails') {
      const difference = compareRows(ours, theirs);
      return difference === undefined ? [] : [difference];
    }
    const [left, right] = [linesOf(ours, options), linesOf(theirs, options)];
    if (left.join('\n') === right.join('\n')) return [];
    if (options.ordered !== true) return this.#unlike(left, right);
    const at = left.findIndex((line, i) => line !== right[i]);
    return [`row ${at + 1}: ${this.#server.title} ${left[at]}; DuckDB ${right[at]}`];
  }

  /** Whether both answer the relation, and alike. */
  async agree(relation: Rel): Promise<boolean> {
    const [ours, theirs] = await this.#both(relation);
    return ours !== 'fails' && linesOf(ours).join('\n') === linesOf(theirs).join('\n');
  }

  /** Compares an expression's values over all pairs, in ever smaller parts where a row's failure hides the others. */
  async exprDifferences(scan: Scan, expr: Expr, mayAnswerMore: boolean): Promise<readonly string[]> {
    const columns = [ref(scan, 'a'), ref(scan, 'b'), expr].map((each, i) => ({
      name: 'abx'[i] ?? '',
      expr: each,
    }));
    const isOfBoth = columnsOf(expr).size > 1;
    const differencesIn = async (from: number, to: number): Promise<readonly string[]> => {
      const [ours, theirs] = await this.#both(withColumns(rowsBetween(scan, from, to, isOfBoth), columns));
      const [left, right] = [linesOf(ours), linesOf(theirs)];
      const isOne = to - from === 1;
      if (left.join('\n') === right.join('\n') && (ours !== 'fails' || isOne)) return [];
      if (isOne && mayAnswerMore && theirs === 'fails') return [];
      if (isOne || (ours !== 'fails' && theirs !== 'fails')) return this.#unlike(left, right);
      const middle = Math.ceil((from + to) / 2);
      return [...(await differencesIn(from, middle)), ...(await differencesIn(middle, to))];
    };
    // Numbered from 0 or from 1.
    return differencesIn(0, (await this.#atDuckDB(scan)).length + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#duckdb[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  #unlike(ours: readonly string[], theirs: readonly string[]): readonly string[] {
    return [
      ...ours.filter((line) => !theirs.includes(line)).map((line) => `${this.#server.title} ${line}`),
      ...theirs.filter((line) => !ours.includes(line)).map((line) => `DuckDB ${line}`),
    ];
  }

  async #both(relation: Rel): Promise<readonly [Answer, Answer]> {
    const { source } = this.#server;
    return [
      await answer(() => withRelation(source, relation, async (sql) => (await this.#duckdb.query(sql)).rows)),
      await answer(() => this.#atDuckDB(relation)),
    ];
  }

  async #atDuckDB(relation: Rel): Promise<readonly Row[]> {
    const tableName = ({ table }: Scan): string => quoteName(copyName(table));
    const { sql } = renderQuery(relation, { dialect: duckdbDialect, tableName });
    return (await this.#duckdb.query(sql)).rows;
  }
}

function copyName(path: readonly string[]): string {
  return path.at(-1) ?? '';
}

async function copyTable(
  source: IFederatedDataSource,
  path: readonly string[],
  duckdb: PlainDuckDB,
): Promise<Scan> {
  const schema = await source.describeTable(path, { signal: new AbortController().signal });
  if (schema === undefined) throw new ConformanceError(`There is no table ${path.join('.')}.`);
  const scan = scanOf(schema, source.sourceId);
  const columns = schema.columns.map(({ name }) => quoteName(name)).join(', ');
  await withRelation(source, scan, (sql) =>
    duckdb.run(`CREATE TABLE ${quoteName(copyName(scan.table))} AS SELECT * FROM (${sql}) AS t(${columns})`),
  );
  return scan;
}

function planOf(source: IFederatedDataSource, relation: Rel): RemoteQueryPlan {
  return source.planRemoteQuery({
    kind: 'relational',
    relation,
    keySets: [],
    estimate: { rows: 100, bytes: 100 },
  });
}

/** Both ways out must have the same rows. */
async function withRelation<T>(
  source: IFederatedDataSource,
  relation: Rel,
  use: (sql: string) => Promise<T>,
): Promise<T> {
  await using query = await TestQuery.open();
  const plan = planOf(source, relation);
  const streamed = await relationOf(
    await source.executeRemoteQuery(plan, query.context({ prefer: 'batches' })),
    query,
  );
  const staged = await relationOf(await source.executeRemoteQuery(plan, query.context()), query);
  if (streamed.rows !== undefined && staged.rows !== undefined && streamed.rows !== staged.rows) {
    throw new ConformanceError(`${streamed.rows} rows in batches, ${staged.rows} in the spool`);
  }
  return await use(staged.sql);
}

async function answer(run: () => Promise<readonly Row[]>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    return 'fails';
  }
}

/** Every bit counts: no tolerance, and -0 is not 0. */
function linesOf(rows: Answer, options: CompareAs = {}): readonly string[] {
  if (rows === 'fails') return [rows];
  const cell = (value: Row[number]): string =>
    Object.is(value, -0) && options.oneZero !== true ? '-0' : String(value);
  const lines = rows.map((row) => row.map(cell).join(' | '));
  return options.ordered === true ? lines : lines.toSorted();
}
