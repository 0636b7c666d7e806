import { type Expr, type Rel, type Scan, columnsOf, typeOf } from '@tributary/contract/plan';
import type { IFederatedDataSource } from '@tributary/contract/source';
import { compareRows, type Row, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { createPostgresSource } from '../../src/index.js';
import { Differential } from './differential.js';
import { ref, rowsBetween, withColumns } from './expressions.js';
import { type HostileType, hostileTablesSql, hostileTypes, pairsTable } from './hostile-values.js';

export type Answer = readonly Row[] | 'fails';

export interface CompareAs {
  readonly ordered?: boolean;
  /** Which of -0 and 0 stands for a group, or comes first, is anybody's choice: they are equal. */
  readonly oneZero?: boolean;
  /** Floats to within rounding: sums depend on the order of addition. */
  readonly rounded?: boolean;
}

/** A server with the pairs of hostile values. */
export interface HostileServer<Type extends string> extends AsyncDisposable {
  /** What it is called where it differs. */
  readonly title: string;
  readonly source: IFederatedDataSource;
  readonly types: readonly Type[];
  readonly table: (type: Type) => string;
}

/** A database and a DuckDB that hold the same hostile values, and the question whether they agree. */
export class HostileEngines<Type extends string = HostileType> implements AsyncDisposable {
  readonly #server: HostileServer<Type>;
  readonly #engines: Differential;
  readonly #scans = new Map<Type, Scan>();

  private constructor(server: HostileServer<Type>, engines: Differential) {
    this.#server = server;
    this.#engines = engines;
  }

  static async over<Type extends string>(server: HostileServer<Type>): Promise<HostileEngines<Type>> {
    const opened = new HostileEngines(server, await Differential.open(server.source));
    for (const type of server.types) opened.#scans.set(type, await opened.#engines.copy(server.table(type)));
    return opened;
  }

  static async open(): Promise<HostileEngines> {
    const server = await startPostgres();
    const client = new Client(server.url);
    await client.connect();
    await client.query(hostileTablesSql());
    await client.end();
    const source = createPostgresSource('pg', { url: server.url });
    return HostileEngines.over({
      title: 'PostgreSQL',
      source,
      types: hostileTypes,
      table: pairsTable,
      [Symbol.asyncDispose]: async () => {
        await source.close();
        await server[Symbol.asyncDispose]();
      },
    });
  }

  scan(type: Type): Scan {
    const scan = this.#scans.get(type);
    if (scan === undefined) throw new Error(`no table for ${type}`);
    return scan;
  }

  native(relation: Rel): string {
    return this.#engines.native(relation);
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
      return [`row ${at + 1}: ${this.#server.title} ${left[at]}; DuckDB ${right[at]}`];
    }
    return [
      ...left.filter((line) => !right.includes(line)).map((line) => `${this.#server.title} ${line}`),
      ...right.filter((line) => !left.includes(line)).map((line) => `DuckDB ${line}`),
    ];
  }

  /** Compares an expression's values over all pairs, in ever smaller parts where a row's failure hides the others. */
  async exprDifferences(scan: Scan, expr: Expr, mayAnswerMore = false): Promise<readonly string[]> {
    const columns = [ref(scan, 'a'), ref(scan, 'b'), expr].map((each, i) => ({
      name: 'abx'[i] ?? '',
      expr: each,
      type: typeOf(each),
    }));
    const isOfBoth = columnsOf(expr).size > 1;
    const differencesIn = async (from: number, to: number): Promise<readonly string[]> => {
      const [ours, theirs] = await this.#both(withColumns(rowsBetween(scan, from, to, isOfBoth), columns));
      const [left, right] = [linesOf(ours).join('\n'), linesOf(theirs).join('\n')];
      const isOne = to - from === 1;
      if (left === right && (ours !== 'fails' || isOne)) return [];
      if (isOne && mayAnswerMore && theirs === 'fails') return [];
      if (isOne || (ours !== 'fails' && theirs !== 'fails'))
        return [`${this.#server.title} ${left}; DuckDB ${right}`];
      const middle = Math.ceil((from + to) / 2);
      return [...(await differencesIn(from, middle)), ...(await differencesIn(middle, to))];
    };
    // Numbered from 0 or from 1.
    return differencesIn(0, (await this.#engines.duckdb(scan)).length + 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engines[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  async #both(relation: Rel): Promise<readonly [Answer, Answer]> {
    return [
      await answer(() => this.#engines.atSource(relation)),
      await answer(() => this.#engines.duckdb(relation)),
    ];
  }
}

async function answer(run: () => Promise<readonly Row[]>): Promise<Answer> {
  try {
    return await run();
  } catch {
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
