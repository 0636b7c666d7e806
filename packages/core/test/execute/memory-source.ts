import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DataType,
  type ExecuteContext,
  type Expr,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteQueryPlan,
  type RemoteQueryRequest,
  type RemoteResult,
  type RemoteTableSchema,
  type ScanRequest,
  type SourceHealth,
  abortError,
  typeName,
} from '@tributary/contract';
import { type RecordBatch, Schema, type Vector, tableFromArrays, vectorFromArray } from 'apache-arrow';
import { arrowField } from '../../src/execute/arrow/arrow-schema.js';
import { batchOf } from '../../src/execute/arrow/batch-builder.js';

export interface MemoryColumn {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly unknown[];
}

export type MemoryTable = readonly MemoryColumn[];

export interface Behaviour {
  /** Milliseconds before the first batch and before each next one. */
  readonly delayMs?: number;
  readonly batchRows?: number;
  /** Fails with this error once so many batches are out. */
  readonly failAfter?: { readonly batches: number; readonly error: unknown };
  /** Goes on sleeping when the signal fires, as a badly written source would. */
  readonly deaf?: boolean;
  /** Answers with a relation for DuckDB instead of batches: of its rows, or the one given. */
  readonly asRelation?: boolean | { readonly sql: string };
}

/** What a call into the source did. */
export interface Call {
  readonly plan: RemoteQueryPlan;
  readonly context: ExecuteContext;
  readonly startedAt: number;
  batches: number;
  ended: boolean;
  released: boolean;
}

/** A plain source over arrays: it filters by key sets, streams slowly or badly as told, and remembers what was asked. */
export class MemorySource implements IFederatedDataSource {
  readonly calls: Call[] = [];
  readonly sourceId: string;
  readonly #tables: Readonly<Record<string, MemoryTable>>;
  readonly #behaviour: Behaviour;

  constructor(sourceId: string, tables: Readonly<Record<string, MemoryTable>>, behaviour: Behaviour = {}) {
    this.sourceId = sourceId;
    this.#tables = tables;
    this.#behaviour = behaviour;
  }

  getInfo(): FederatedDataSourceInfo {
    return {
      sourceId: this.sourceId,
      sourceType: 'local',
      connector: 'memory',
      latencyMs: 1,
      bandwidthMbps: 1000,
      costMultiplier: 1,
      computeContext: this.sourceId,
      capabilities: {
        kind: 'plain',
        limit: 'none',
        offset: false,
        keySets: { maxKeys: 1000, multiColumn: true },
      },
    };
  }

  async listTables(): Promise<readonly { readonly name: string; readonly kind: 'table' }[]> {
    return Object.keys(this.#tables).map((name) => ({ name, kind: 'table' }));
  }

  async describeTable(path: readonly string[]): Promise<RemoteTableSchema | undefined> {
    const name = path.at(-1) ?? '';
    const table = this.#tables[name];
    return (
      table && {
        table: { name, kind: 'table' },
        columns: table.map((column) => ({
          name: column.name,
          type: column.type,
          nativeType: typeName(column.type),
          nullable: true,
          comparison: 'ordered',
        })),
        primaryKey: [],
        uniqueKeys: [],
        indexes: [],
        version: '1',
      }
    );
  }

  async getRemoteStatistics(): Promise<undefined> {}

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    if (request.kind !== 'scan') throw new TypeError('a plain source was offered a relational request');
    const keySets = request.keySets.map((keySet) => keySet.id).join(', ');
    return {
      sourceId: this.sourceId,
      request,
      columns: request.columns,
      residual: { filters: [], limit: false },
      native: `scan ${request.table.join('.')}${keySets === '' ? '' : ` with ${keySets}`}`,
      decisions: [],
      state: undefined,
    };
  }

  async executeRemoteQuery(plan: RemoteQueryPlan, context: ExecuteContext): Promise<RemoteResult> {
    const call: Call = {
      plan,
      context,
      startedAt: performance.now(),
      batches: 0,
      ended: false,
      released: false,
    };
    this.calls.push(call);
    if (plan.request.kind !== 'scan') throw new TypeError('not a scan');
    const columns = this.#select(plan.request, context);
    const schema = new Schema(columns.map((column) => arrowField(column.name, column.type)));
    const { asRelation = false } = this.#behaviour;
    if (asRelation !== false) {
      await this.#pause(context.signal);
      return {
        kind: 'relation',
        sql: asRelation === true ? relationSql(columns) : asRelation.sql,
        release: async () => {
          call.released = true;
        },
      };
    }
    return { kind: 'batches', schema, batches: this.#stream(columns, schema, context, call) };
  }

  async checkHealth(): Promise<SourceHealth> {
    return { healthy: true, findings: [] };
  }

  async close(): Promise<void> {}

  #select(request: ScanRequest, context: ExecuteContext): MemoryTable {
    const table = this.#tables[request.table.at(-1) ?? ''] ?? [];
    const source = (name: string): MemoryColumn => {
      const column = table.find((candidate) => candidate.name === name);
      if (column === undefined) throw new TypeError(`no column ${name}`);
      return column;
    };
    const byId = new Map(
      [...request.columns, ...request.filterColumns].map((column) => [column.id, source(column.name)]),
    );
    const rows = table[0]?.values.map((_, row) => row) ?? [];
    const kept = rows.filter((row) => request.filters.every((filter) => passes(filter, row, byId, context)));
    return request.columns.map(({ name, type }) => ({
      name,
      type,
      values: kept.map((row) => source(name).values[row]),
    }));
  }

  async *#stream(
    columns: MemoryTable,
    schema: Schema,
    context: ExecuteContext,
    call: Call,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const { batchRows = 1000, failAfter } = this.#behaviour;
    const rows = columns[0]?.values.length ?? 0;
    try {
      for (let start = 0; start < rows || start === 0; start += batchRows) {
        await this.#pause(context.signal);
        if (failAfter !== undefined && call.batches >= failAfter.batches) throw failAfter.error;
        const count = Math.min(batchRows, rows - start);
        const vectors = columns.map(({ values, type }) =>
          makeVector(values.slice(start, start + count), type),
        );
        call.batches++;
        yield batchOf(
          schema,
          count,
          vectors.flatMap((vector) => vector.data),
        );
      }
    } finally {
      call.ended = true;
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { delayMs, deaf = false } = this.#behaviour;
    if (delayMs !== undefined) {
      await sleep(delayMs, undefined, deaf ? {} : { signal }).catch(() => undefined);
    }
    if (signal.aborted && !deaf) throw abortError(signal);
  }
}

function passes(
  filter: Expr,
  row: number,
  columns: ReadonlyMap<number, MemoryColumn>,
  context: ExecuteContext,
): boolean {
  if (filter.kind !== 'in-key-set') throw new TypeError(`a filter that was not declared: ${filter.kind}`);
  const keys = context.keySets.get(filter.keySet);
  if (keys === undefined) throw new TypeError(`key set ${filter.keySet} did not come`);
  const own = filter.args.map((arg) => {
    if (arg.kind !== 'column') throw new TypeError('a key that is no column');
    return String(columns.get(arg.id)?.values[row]);
  });
  return (
    keys.columns[0]?.some((_, key) => own.every((value, i) => keys.columns[i]?.[key] === value)) ?? false
  );
}

function makeVector(values: readonly unknown[], type: DataType): Vector {
  if (values.length === 0)
    return tableFromArrays({}).getChildAt(0) ?? vectorFromArray([], arrowField('', type).type);
  return vectorFromArray(values, arrowField('', type).type);
}

function relationSql(columns: MemoryTable): string {
  const arrays = columns.map(({ values, type }) => {
    const items = values.map((value) =>
      value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`,
    );
    return `unnest([${items.join(', ')}]::${typeName(type)}[])`;
  });
  return `SELECT ${arrays.join(', ')}`;
}
