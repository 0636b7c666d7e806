import type { ColumnId } from '../plan/index.js';
import { brokenPlan } from './broken-plan.js';
import type { FromItem } from './from-clause.js';
import { type Piece, level } from './text.js';

/** What a column is called, or computed from, inside a SELECT block. */
export interface BoundColumn extends Piece {
  readonly name: string;
  /** A plain `alias."column"`: can stand anywhere, and be NULL-extended by an outer join. */
  readonly simple: boolean;
  /** A column of the left side of this dependent join, seen from its right: one value while the right side runs. */
  readonly outer?: number;
  /** Reads no column at all. */
  readonly constant?: boolean;
  /** Contains an aggregate of this block. */
  readonly aggregated?: boolean;
  /** Contains a window function of this block. */
  readonly windowed?: boolean;
  /** Contains a sub-select. */
  readonly subquery?: boolean;
  /** Contains a function that answers anew at every call. */
  readonly volatile?: boolean;
}

/**
 * A SELECT statement in the making: clauses fill up in the order in which SQL evaluates them.
 * An operator that comes too late for its clause wraps the block into a sub-select and starts a new one.
 */
export interface Block {
  /** Empty for one row of no table. */
  readonly from: readonly FromItem[];
  /** Whether FROM or WHERE reads values of an enclosing block. */
  readonly correlated: boolean;
  /** Conjuncts, each fit to stand beside AND. */
  readonly where: readonly string[];
  readonly group?: Grouping;
  readonly having: readonly string[];
  readonly windowed: boolean;
  /** DISTINCT, or the expressions of DISTINCT ON. */
  readonly distinct?: true | readonly string[];
  readonly orderBy: readonly OrderItem[];
  /** The LIMIT/OFFSET clause. */
  readonly limit?: string;
  /** A set operation, complete but for its place: the block is `SELECT … FROM (compound)` if anything is asked of it. */
  readonly compound?: Compound;
  /** In the order of the relation's output. */
  readonly columns: ReadonlyMap<ColumnId, BoundColumn>;
}

export interface Grouping {
  /** The GROUP BY clause's list; empty for one group of all rows. */
  readonly keys: string;
}

export interface OrderItem {
  /** The key with direction and NULLs. */
  readonly sql: string;
  /** The same, should the sorted column stand in the SELECT list by this id. */
  readonly byAlias?: { readonly id: ColumnId; readonly sql: (alias: string) => string | undefined };
}

/** An entry of a SELECT list. */
export interface SelectItem {
  readonly id: ColumnId;
  readonly column: BoundColumn;
  readonly name: string;
}

/** A column that a statement yields: by which name, and which name people know it by. */
export interface NamedColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly shown: string;
}

export interface Compound {
  /** `UNION ALL` and the like. */
  readonly operator: string;
  readonly sql: string;
  readonly columns: readonly NamedColumn[];
}

export const emptyBlock: Block = {
  from: [],
  correlated: false,
  where: [],
  having: [],
  windowed: false,
  orderBy: [],
  columns: new Map(),
};

/** Whether nothing but FROM and WHERE is filled, so that WHERE, joins and everything after may still come. */
export function isOpen(block: Block): boolean {
  return !block.windowed && block.group === undefined && isUnfinished(block) && block.orderBy.length === 0;
}

/** Whether DISTINCT and LIMIT are still to come. */
export function isUnfinished(block: Block): boolean {
  return block.distinct === undefined && block.limit === undefined && block.compound === undefined;
}

export function withColumns(block: Block, columns: Iterable<readonly [ColumnId, BoundColumn]>): Block {
  return { ...block, columns: new Map(columns) };
}

/** A reference to a column of an aliased relation. */
export function simpleColumn(sql: string, name: string): BoundColumn {
  return { sql, level: level.atom, name, simple: true };
}

/** A plan that reads a column which its inputs do not yield is broken. */
export function unknownColumn(id: ColumnId): never {
  return brokenPlan(`it reads column ${id}, which its inputs do not yield`);
}
