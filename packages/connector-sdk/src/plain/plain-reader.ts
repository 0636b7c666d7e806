import type { DataType } from '@tributary/contract/plan';
import type {
  CallContext,
  ExecuteContext,
  RemoteTableName,
  SourceHealth,
  TableStatistics,
} from '@tributary/contract/source';
import type { Answer } from '../results/answer.js';

/** A predicate as an API can take it: one column, one operator, constants. */
export type SimplePredicate =
  | {
      readonly column: string;
      readonly op: '=' | '<>' | '<' | '<=' | '>' | '>=';
      readonly type: DataType;
      /** In literal text form (see `Literal`). */
      readonly value: string;
    }
  | {
      readonly column: string;
      readonly op: 'in';
      readonly type: DataType;
      readonly values: readonly string[];
    }
  | { readonly column: string; readonly op: 'is-null'; readonly type: DataType }
  | { readonly column: string; readonly op: 'is-not-null'; readonly type: DataType };

/** What a column may declare that it takes. */
export type SimpleOperator = SimplePredicate['op'];

/** A column, and what may be asked of it. */
export interface PlainColumn {
  readonly name: string;
  readonly type: DataType;
  /** Default true. */
  readonly nullable?: boolean;
  /**
   * Operators that `read` may get on this column. Default: none. A FLOAT or DOUBLE is only compared with constants of the query: a
   * parameter or a key may be NaN, which sources order in ways of their own.
   */
  readonly filters?: readonly SimpleOperator[];
  /**
   * `exact`: the source's answer holds just the rows that the engine would keep. `superset`: it may hold more (another case
   * folding, a coarser time), and the engine filters again. Default `exact`.
   */
  readonly filtering?: 'exact' | 'superset';
  readonly note?: string;
}

/** A table, and what may be asked of it. */
export interface PlainTable {
  readonly table: RemoteTableName;
  readonly columns: readonly PlainColumn[];
  readonly primaryKey?: readonly string[];
  /** `exact`: never more rows than the limit; `at-least`: whole pages. Default `none`. */
  readonly limit?: 'none' | 'at-least' | 'exact';
  /** Most values in one `in`; a longer list and a larger key set go in several requests. Absent: no limit. */
  readonly maxInValues?: number;
}

/** One request. A table may be asked several in one query, one after the other. */
export interface PlainRead {
  readonly table: PlainTable;
  /** Wanted columns, in the order wanted in every row. */
  readonly columns: readonly PlainColumn[];
  /** All of them must hold. Only what the columns declare. */
  readonly predicates: readonly SimplePredicate[];
  /** Rows after which the reader may stop. Present only where the engine needs no more and every predicate was taken exactly. */
  readonly limit?: number;
}

/** A source that answers "this table, these columns, these predicates": an API, a queue, a folder of files. */
export interface PlainReader {
  /** All tables. Asked about once a minute while statements are planned. */
  tables(ctx: CallContext): Promise<readonly PlainTable[]>;
  /** What the planner may assume of the table, where the source knows it cheaply. */
  statistics?(table: PlainTable, ctx: CallContext): Promise<TableStatistics | undefined>;
  /** Reads no further than its answer is taken, and stops when `ctx.signal` fires. Errors may be raised as they are. */
  read(request: PlainRead, ctx: ExecuteContext): Answer | Promise<Answer>;
  /** Default: a listing of the tables that works. */
  checkHealth?(ctx: CallContext): Promise<SourceHealth>;
  /** Closes connections and timers. Idempotent. */
  close?(): Promise<void>;
}
