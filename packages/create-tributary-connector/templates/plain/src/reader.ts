import type { CallContext } from '@tributary/connector-sdk';
import type {
  PlainColumn,
  PlainRead,
  PlainReader,
  PlainTable,
  SimpleOperator,
} from '@tributary/connector-sdk/plain';
import type { Row, RowsAnswer, Value } from '@tributary/connector-sdk/results';
import type { Api, ApiCell, ApiColumn, ApiTable } from './api.ts';

const rowsPerPage = 1000;

/** The API as tables: what it has, what it filters by, and its rows page by page. */
export class ApiReader implements PlainReader {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async tables({ signal }: CallContext): Promise<readonly PlainTable[]> {
    return (await this.#api.tables(signal)).map(plainTable);
  }

  read(request: PlainRead, { signal }: CallContext): RowsAnswer {
    return { kind: 'rows', rows: this.#pages(request, signal) };
  }

  /** No page is asked for before the one before it has been read. */
  async *#pages(request: PlainRead, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const { table, columns, predicates, limit = Infinity } = request;
    let left = limit;
    let after: string | undefined;
    do {
      const page = await this.#api.page(
        {
          table: table.table.name,
          columns: columns.map(({ name }) => name),
          predicates,
          limit: Math.min(left, rowsPerPage),
          after,
        },
        signal,
      );
      yield page.rows.map((row) => row.map((cell, i) => valueOf(cell, columns[i])));
      left -= page.rows.length;
      after = page.next;
    } while (after !== undefined && left > 0);
  }
}

function plainTable({ name, columns, primaryKey }: ApiTable): PlainTable {
  return {
    table: { name, kind: 'table' },
    columns: columns.map(plainColumn),
    primaryKey,
    limit: 'exact',
    // They stand in the URL, and servers take no URL of any length.
    maxInValues: 20,
  };
}

function plainColumn({ name, type, nullable }: ApiColumn): PlainColumn {
  return { name, type: { id: type }, nullable, filters: filtersOf(type) };
}

const nullTests: readonly SimpleOperator[] = ['is-null', 'is-not-null'];

/**
 * What the API filters by, and exactly as DuckDB would; everything else is the engine's. This API compares text for equality only,
 * since its order is not that of the bytes.
 */
function filtersOf(type: ApiColumn['type']): readonly SimpleOperator[] {
  switch (type) {
    case 'integer':
    case 'bigint':
      return ['=', '<>', '<', '<=', '>', '>=', 'in', ...nullTests];
    case 'varchar':
      return ['=', 'in', ...nullTests];
    case 'boolean':
    case 'double':
    case 'date':
    case 'timestamp':
      return nullTests;
  }
}

/** A cell as the SDK takes it. JSON knows neither 64 bits nor NaN: such values come as text. */
function valueOf(cell: ApiCell, column: PlainColumn | undefined): Value {
  if (typeof cell !== 'string') return cell;
  if (column?.type.id === 'bigint') return BigInt(cell);
  return column?.type.id === 'double' ? Number(cell) : cell;
}
