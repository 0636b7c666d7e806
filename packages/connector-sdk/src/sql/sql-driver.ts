import type { Column, DataType } from '@tributary/contract/plan';
import type {
  CallContext,
  ExecuteContext,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/contract/source';
import type { Answer } from '../results/answer.js';

/**
 * What differs from one SQL database to the next: its catalogue, its wire, its health. The SDK does the rest: rendering, streaming,
 * spooling, decisions. Errors may be raised as the driver has them; `classify` (see `SqlSourceOptions`) makes them the contract's.
 */
export interface SqlDriver {
  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]>;
  /** Path parts as the user wrote them; undefined when there is no such table. */
  describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined>;
  tableStatistics(schema: RemoteTableSchema, ctx: CallContext): Promise<TableStatistics | undefined>;
  /**
   * Sends one statement. Resolves when the server has accepted it or later; rows come while the answer is read, no faster than
   * they are taken.
   */
  run(statement: SqlStatement, ctx: ExecuteContext): Promise<Answer>;
  checkHealth(ctx: CallContext): Promise<SourceHealth>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** A statement with its values. */
export interface SqlStatement {
  readonly sql: string;
  /** In placeholder order. */
  readonly values: readonly StatementValue[];
  /** The columns of the answer; one column of ones where the plan asks for none. */
  readonly columns: readonly Column[];
  /** The tables read, for errors. */
  readonly object: string;
}

/** What stands for a placeholder: a parameter's value, or one column of a key set. Texts are in literal text form (see `Literal`). */
export type StatementValue =
  | { readonly kind: 'parameter'; readonly type: DataType; readonly value: string | null }
  | { readonly kind: 'keys'; readonly type: DataType; readonly values: readonly string[] };
