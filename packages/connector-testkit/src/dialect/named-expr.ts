import type { Expr } from '@tributary/connector-sdk';

/** An expression over a pair of values, and what an error calls it. */
export interface Named {
  readonly name: string;
  readonly expr: Expr;
  /** Whether the database may have a value where DuckDB fails. Default false. */
  readonly mayAnswerMore?: boolean;
}
