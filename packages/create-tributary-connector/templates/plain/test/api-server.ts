import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { SimplePredicate } from '@tributary/connector-sdk/plain';
import type { FixtureTable } from '@tributary/connector-testkit';

interface ServedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly primaryKey: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

type Cell = ServedTable['rows'][number][number];

/** A real API takes its time, too: long enough to cancel a request that is under way. */
const latencyMs = 5;

/** An API like the real one, in memory: the conformance suite needs tables that it has filled itself. */
export class ApiServer {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #tables = new Map<string, ServedTable>();
  readonly #token: string;
  #active = 0;
  #statements = 0;
  #bytes = 0;

  constructor(token: string) {
    this.#token = token;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Requests that are not answered yet. */
  get active(): number {
    return this.#active;
  }

  get traffic(): { readonly bytes: number; readonly statements: number } {
    return { bytes: this.#bytes, statements: this.#statements };
  }

  load(tables: readonly FixtureTable[]): void {
    for (const { name, columns, primaryKey, rows } of tables) {
      this.#tables.set(name, {
        name,
        columns: columns.map((column) => ({
          name: column.name,
          type: column.type.id,
          nullable: column.nullable,
        })),
        primaryKey,
        rows: [...rows()],
      });
    }
  }

  dropColumn(name: string, column: string): void {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    const dropped = table.columns.findIndex((each) => each.name === column);
    const without = <T>(cells: readonly T[]): readonly T[] => cells.filter((_, i) => i !== dropped);
    this.#tables.set(name, { ...table, columns: without(table.columns), rows: table.rows.map(without) });
  }

  /** Cuts every connection, as a network that fails. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#active += 1;
    this.#statements += 1;
    response.on('close', () => {
      this.#active -= 1;
    });
    const { status, body } = this.#result(request);
    const text = JSON.stringify(body);
    this.#bytes += text.length;
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    }, latencyMs);
  }

  #result({ headers, url = '' }: IncomingMessage): { readonly status: number; readonly body: unknown } {
    if (headers.authorization !== `Bearer ${this.#token}`) return { status: 401, body: {} };
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [, , name, rows] = pathname.split('/').map(decodeURIComponent);
    if (name === undefined) {
      const tables = [...this.#tables.values()];
      return {
        status: 200,
        body: tables.map(({ name, columns, primaryKey }) => ({ name, columns, primaryKey })),
      };
    }
    const table = this.#tables.get(name);
    if (table === undefined || rows !== 'rows') return { status: 404, body: {} };
    return page(table, searchParams);
  }
}

function page(
  table: ServedTable,
  query: URLSearchParams,
): { readonly status: number; readonly body: unknown } {
  const wanted: readonly string[] = JSON.parse(query.get('columns') ?? '[]');
  const where: readonly SimplePredicate[] = JSON.parse(query.get('where') ?? '[]');
  const indexOf = (name: string): number => table.columns.findIndex((column) => column.name === name);
  if ([...wanted, ...where.map(({ column }) => column)].some((name) => indexOf(name) < 0)) {
    return { status: 404, body: {} };
  }
  const limit = Number(query.get('limit'));
  const rows: unknown[] = [];
  let at = Number(query.get('after') ?? 0);
  for (; at < table.rows.length && rows.length < limit; at++) {
    const cell = (name: string): Cell => table.rows[at]?.[indexOf(name)] ?? null;
    if (!where.every((predicate) => holds(predicate, cell(predicate.column)))) continue;
    rows.push(wanted.map((name) => json(cell(name), table.columns[indexOf(name)]?.type)));
  }
  return { status: 200, body: { rows, ...(at < table.rows.length && { next: String(at) }) } };
}

function holds(predicate: SimplePredicate, cell: Cell): boolean {
  if (predicate.op === 'is-null' || cell === null) return predicate.op === 'is-null' && cell === null;
  switch (predicate.op) {
    case 'is-not-null':
      return true;
    case 'in':
      return predicate.values.some((value) => order(cell, value, predicate) === 0);
    case '=':
      return order(cell, predicate.value, predicate) === 0;
    case '<>':
      return order(cell, predicate.value, predicate) !== 0;
    case '<':
      return order(cell, predicate.value, predicate) < 0;
    case '<=':
      return order(cell, predicate.value, predicate) <= 0;
    case '>':
      return order(cell, predicate.value, predicate) > 0;
    case '>=':
      return order(cell, predicate.value, predicate) >= 0;
  }
}

function order(a: string, b: string, { type }: SimplePredicate): number {
  const [left, right] = type.id === 'varchar' ? [a, b] : [BigInt(a), BigInt(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function json(cell: Cell, type: string | undefined): unknown {
  if (cell === null) return null;
  if (type === 'boolean') return cell === 'true';
  const number = type === 'integer' || type === 'double' ? Number(cell) : Number.NaN;
  return Number.isFinite(number) ? number : cell;
}
