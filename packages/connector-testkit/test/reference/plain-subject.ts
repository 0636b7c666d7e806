import {
  type IFederatedDataSource,
  type RemoteTableName,
  type TableStatistics,
  TributaryError,
  isInteger,
} from '@tributary/connector-sdk';
import {
  type PlainRead,
  type PlainReader,
  type PlainTable,
  type SimplePredicate,
  createPlainSource,
} from '@tributary/connector-sdk/plain';
import type { Answer, Row, Value } from '@tributary/connector-sdk/results';
import type { ConformanceSubject, FixtureColumn, FixtureRow, KnownGap } from '../../src/index.js';
import { blobBytes } from '../../src/index.js';
import { standardTables } from '../../src/fixtures/standard-tables.js';
import { BrokenError, type MemoryService, RefusedError } from './memory-service.js';

const plainConnector = { name: 'reference-plain', sdkVersion: '^1.0' } as const;

const gaps: readonly KnownGap[] = [
  { what: 'type', types: ['struct', 'map', 'list'], reason: 'The service has flat rows.' },
];

/** Reads the service as its documentation would say. */
export class MemoryReader implements PlainReader {
  readonly service: MemoryService;
  readonly #token: string;

  constructor(service: MemoryService, token: string = service.token) {
    this.service = service;
    this.#token = token;
  }

  async tables(): Promise<readonly PlainTable[]> {
    return this.service.tables(this.#token).map(({ name, columns, primaryKey }) => ({
      table: { name, kind: 'table' } satisfies RemoteTableName,
      columns: columns.map(({ name: column, type, nullable }) => ({
        name: column,
        type,
        nullable,
        ...((isInteger(type) || type.id === 'varchar') && {
          filters: ['=', '<>', '<', '<=', '>', '>=', 'in', 'is-null', 'is-not-null'],
        }),
      })),
      primaryKey,
      limit: 'exact',
    }));
  }

  async statistics({ table }: PlainTable): Promise<TableStatistics | undefined> {
    const found = this.service.tables(this.#token).find(({ name }) => name === table.name);
    return found && { rows: found.rowCount, columns: new Map(), origin: 'source' };
  }

  read(request: PlainRead, { signal }: { readonly signal: AbortSignal }): Answer {
    return { kind: 'rows', rows: this.rows(request, signal) };
  }

  async *rows(
    { table, columns, predicates, limit = Infinity }: PlainRead,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    const { name } = table.table;
    const known = this.service.tables(this.#token).find((each) => each.name === name)?.columns ?? [];
    const all = standardTables(gaps).all.find((each) => each.name === name)?.columns ?? [];
    const position = (column: string): number => {
      if (known.some((each) => each.name === column)) return all.findIndex((each) => each.name === column);
      throw new TributaryError('SOURCE.MISSING_OBJECT', { message: `${name} has no column ${column}.` });
    };
    const positions = columns.map((column) => position(column.name));
    const keep = (row: FixtureRow): boolean =>
      predicates.every((predicate) => holds(predicate, row[position(predicate.column)] ?? null));
    let left = limit;
    for await (const page of this.service.rows(this.#token, name, keep, signal)) {
      const rows = page.slice(0, left);
      yield rows.map((row) => positions.map((at, i) => this.value(row[at] ?? null, columns[i])));
      left -= rows.length;
      if (left <= 0) return;
    }
  }

  value(text: string | null, column: Pick<FixtureColumn, 'type'> | undefined): Value {
    if (text === null || column === undefined) return null;
    switch (column.type.id) {
      case 'boolean':
        return text === 'true';
      case 'blob':
        return blobBytes(text);
      case 'float':
      case 'double':
        return Number(text);
      default:
        return isInteger(column.type) ? BigInt(text) : text;
    }
  }
}

function holds(predicate: SimplePredicate, value: string | null): boolean {
  if (predicate.op === 'is-null') return value === null;
  if (predicate.op === 'is-not-null') return value !== null;
  if (value === null) return false;
  const compare = (other: string): number => {
    if (!isInteger(predicate.type)) return Buffer.compare(Buffer.from(value), Buffer.from(other));
    const [left, right] = [BigInt(value), BigInt(other)];
    return left < right ? -1 : Number(left > right);
  };
  switch (predicate.op) {
    case '=':
      return compare(predicate.value) === 0;
    case '<>':
      return compare(predicate.value) !== 0;
    case '<':
      return compare(predicate.value) < 0;
    case '<=':
      return compare(predicate.value) <= 0;
    case '>':
      return compare(predicate.value) > 0;
    case '>=':
      return compare(predicate.value) >= 0;
    case 'in':
      return predicate.values.some((other) => compare(other) === 0);
  }
}

export function createReferencePlain(sourceId: string, reader: PlainReader): IFederatedDataSource {
  return createPlainSource({
    sourceId,
    connector: plainConnector.name,
    reader,
    classify: (error, { object }) => {
      const code =
        error instanceof RefusedError
          ? 'SOURCE.AUTHENTICATION'
          : error instanceof BrokenError
            ? 'SOURCE.UNREACHABLE'
            : 'SOURCE.QUERY_FAILED';
      const message = `The service of ${sourceId} says: ${error instanceof Error ? error.message : String(error)}`;
      return new TributaryError(code, {
        message,
        sourceId,
        cause: error,
        ...(object !== undefined && { object }),
      });
    },
  });
}

/** The plain reference as the suite is given it; a wrong one differs in what `create` makes. */
export function plainSubject(
  service: MemoryService,
  create: (sourceId: string) => IFederatedDataSource = (sourceId) =>
    createReferencePlain(sourceId, new MemoryReader(service)),
): ConformanceSubject {
  return {
    connector: plainConnector,
    create,
    secrets: [service.token],
    fixtures: {
      load: async () => {
        service.load(standardTables(gaps).all);
      },
    },
    hooks: {
      wrongCredentials: (sourceId, token) => createReferencePlain(sourceId, new MemoryReader(service, token)),
      interrupt: () => service.interrupt(),
      dropColumn: (table, column) => service.dropColumn(table, column),
      activeStatements: () => service.active,
      traffic: () => ({ bytes: service.bytes }),
    },
    knownGaps: gaps,
  };
}
