import type {
  ColumnId,
  FederatedDataSourceInfo,
  RemoteTableSchema,
  TableStatistics,
} from '@tributary/contract';

/** What the optimiser may know besides the plan. All of it was fetched before: no rule does I/O. */
export interface OptimizeContext {
  /** Undefined where the source knows nothing; defaults are used then. */
  statistics(source: string, table: readonly string[]): TableStatistics | undefined;
  /** Keys and nullability. */
  schema(source: string, table: readonly string[]): RemoteTableSchema | undefined;
  /** Latency, bandwidth, cost multiplier and compute context. */
  info(source: string): FederatedDataSourceInfo | undefined;
  /** A column id that the plan does not use yet. */
  newId(): ColumnId;
}

/** The pushdown domain of a source: sources on one server share it. */
export function domainOfSource(source: string, ctx: OptimizeContext): string {
  return ctx.info(source)?.computeContext ?? source;
}
