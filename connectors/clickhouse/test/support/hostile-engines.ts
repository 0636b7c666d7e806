import {
  type Expr,
  type IFederatedDataSource,
  type Rel,
  type Scan,
  columnsOf,
  typeOf,
} from '@tributary/connector-sdk';
import { compareRows, type Row } from '@tributary/testbed';
import { Differential } from './differential.js';
import { ref, rowsBetween, withColumns } from './expressions.js';
import { type HostileType, hostileTableSql, hostileTypes, pairsTable } from './hostile-values.js';
import { TestClickhouse } from './test-server.js';

export type Answer = readonly Row[] | 'fails';

export interface CompareAs {
  readonly ordered?: boolean;
  /** Which of -0 and 0 comes first is anybody's choice: they are equal. */
  readonly oneZero?: boolean;
  /** Floats to within rounding: sums depend on the order of addition. */
  readonly rounded?: boolean;
}

/** A ClickHouse and a DuckDB that hold the same hostile values, and the question whether they agree. */
export class HostileEngines implements AsyncDisposable {
  readonly #server: TestClickhouse;
  readonly source: IFederatedDataSource;
  readonly engines: Differential;
  readonly #scans = new Map<HostileType, Scan>();

  private constructor(server: TestClickhouse, source: IFederatedDataSource, engines: Differential) {
    this.#server = server;
    this.source = source;
    this.engines = engines;
  }

  static async open(): Promise<HostileEngines> {
    const server = await TestClickhouse.open(hostileTypes.flatMap(hostileTableSql));
    const source = server.source();
    const opened = new HostileEngines(server, source, await Differential.open(source));
    for (const type of hostileTypes) opened.#scans.set(type, await opened.engines.copy(pairsTable(type)));
    return opened;
  }

  scan(type: HostileType): Scan {
    const scan = this.#scans.get(type);
    if (scan === undefined) throw new Error(`no table for ${type}`);
    return scan;
  }

  native(relation: Rel): string {
    return this.engines.native(relation);
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
    if (options.ordered === true) {
      const at = left.findIndex((line, i) => line !== right[i]);
      return [`row ${at + 1}: ClickHouse ${left[at]}; DuckDB ${right[at]}`];
    }
    return [
      ...left.filter((line) => !right.includes(line)).map((line) => `ClickHouse ${line}`),
      ...right.filter((line) => !left.includes(line)).map((line) => `DuckDB ${line}`),
    ];
  }

  /** Compares an expression's values over all pairs, in ever smaller parts where a row's failure hides the others. */
  async exprDifferences(scan: Scan, expr: Expr, mayAnswerMore = false): Promise<readonly string[]> {
    const [a, b] = [ref(scan, 'a'), ref(scan, 'b')];
    const columns = [a, b, expr].map((each, i) => ({ name: 'abx'[i] ?? '', expr: each, type: typeOf(each) }));
    const isOfBoth = columnsOf(expr).size > 1;
    const differencesIn = async (from: number, to: number): Promise<readonly string[]> => {
      const [ours, theirs] = await this.#both(withColumns(rowsBetween(scan, from, to, isOfBoth), columns));
      const [left, right] = [linesOf(ours).join('\n'), linesOf(theirs).join('\n')];
      if (left === right && (ours !== 'fails' || to - from === 1)) return [];
      if (to - from === 1)
        return mayAnswerMore && theirs === 'fails' ? [] : [`ClickHouse ${left}; DuckDB ${right}`];
      if (ours !== 'fails' && theirs !== 'fails') return [`ClickHouse ${left}; DuckDB ${right}`];
      const middle = Math.ceil((from + to) / 2);
      return [...(await differencesIn(from, middle)), ...(await differencesIn(middle, to))];
    };
    return differencesIn(0, (await this.engines.duckdb(scan)).length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engines[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  async #both(relation: Rel): Promise<readonly [Answer, Answer]> {
    return [
      await answer(() => this.engines.ours(relation)),
      await answer(() => this.engines.duckdb(relation)),
    ];
  }
}

/** A refusal to render is no answer at all. */
async function answer(run: () => Promise<readonly Row[]>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Error && error.name === 'RenderRefusal') throw error;
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
