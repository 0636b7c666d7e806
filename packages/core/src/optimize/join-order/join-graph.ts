import {
  type ColumnId,
  type Comparison,
  type Expr,
  type Rel,
  columnsOf,
  compare,
  sameType,
} from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import type { InnerGroup } from '../facts/inner-group.js';
import { filtered } from '../facts/predicates.js';

type ColumnExpr = Expr & { readonly kind: 'column' };

type ColumnEquality = Comparison & { readonly left: ColumnExpr; readonly right: ColumnExpr };

/** A set of members of a join graph, as bits. */
export type Members = number;

/** A condition between members, and which it reads. */
interface Edge {
  readonly condition: Expr;
  readonly members: Members;
}

/** Columns that are all equal, with the member of each. At most one column per member. */
type EqualColumns = readonly { readonly member: number; readonly column: ColumnExpr }[];

/**
 * Inner-joined relations and what connects them. Equalities are kept as classes of equal columns, so that any two
 * members of a class can be joined directly, written so or not: `a.x = b.x AND b.x = c.x` also joins a with c.
 */
export class JoinGraph {
  readonly members: readonly Rel[];
  readonly #classes: readonly EqualColumns[];
  readonly #classMembers: readonly Members[];
  readonly #edges: readonly Edge[];
  /** The equalities that the statement has, by `equalityKey`. */
  readonly #written: ReadonlySet<string>;

  constructor(group: InnerGroup) {
    const owner = new Map<ColumnId, number>();
    group.members.forEach((member, i) => {
      for (const id of outputIdsOf(member)) owner.set(id, i);
    });
    const maskOf = (expr: Expr): Members =>
      [...columnsOf(expr)].reduce((mask, id) => mask | (1 << (owner.get(id) ?? 0)), 0);
    const equalities = group.on.filter(isColumnEquality);
    const classes = equalClasses(equalities, owner);
    const filters: Expr[][] = group.members.map(() => []);
    this.#classes = classes.map((columns) => onePerMember(columns, filters));
    this.#classMembers = this.#classes.map((c) => c.reduce((mask, x) => mask | (1 << x.member), 0));
    const edges: Edge[] = [];
    for (const condition of group.on) {
      if (isColumnEquality(condition)) continue;
      const members = maskOf(condition);
      const single = filters[Math.log2(members)];
      if (single === undefined) edges.push({ condition, members });
      else single.push(condition);
    }
    this.#edges = edges;
    this.#written = new Set(equalities.map(({ left, right }) => equalityKey(left, right)));
    this.members = group.members.map((member, i) => filtered(member, filters[i] ?? []));
  }

  /** Whether a condition or an equality joins the two sets. */
  connects(a: Members, b: Members): boolean {
    return this.equates(a, b) || this.#edges.some((e) => crosses(e.members, a, b));
  }

  /** Whether a column, or an expression, of one set equals one of the other. */
  equates(a: Members, b: Members): boolean {
    return (
      this.#classMembers.some((members) => (members & a) !== 0 && (members & b) !== 0) ||
      this.#edges.some((e) => isEquality(e.condition) && crosses(e.members, a, b))
    );
  }

  /** The conditions to write where the two sets are joined. */
  conditions(a: Members, b: Members): readonly Expr[] {
    const equal = this.#classes.flatMap((columns): readonly Expr[] => {
      const left = columns.filter((x) => has(a, x.member));
      const right = columns.filter((x) => has(b, x.member));
      const pairs = left.flatMap((l) => right.map((r) => [l.column, r.column] as const));
      const pair = pairs.find(([l, r]) => this.#written.has(equalityKey(l, r))) ?? pairs[0];
      return pair === undefined ? [] : [compare('=', ...pair)];
    });
    return [...equal, ...this.#edges.filter((e) => crosses(e.members, a, b)).map((e) => e.condition)];
  }

  /** Conditions that read no member at all. */
  constants(): readonly Expr[] {
    return this.#edges.filter((e) => e.members === 0).map((e) => e.condition);
  }
}

function has(set: Members, member: number): boolean {
  return (set & (1 << member)) !== 0;
}

/** Whether the condition reads both sets and nothing else. */
function crosses(read: Members, a: Members, b: Members): boolean {
  return (read & a) !== 0 && (read & b) !== 0 && (read & ~(a | b)) === 0;
}

function isColumnEquality(c: Expr): c is ColumnEquality {
  return (
    c.kind === 'compare' &&
    c.op === '=' &&
    c.left.kind === 'column' &&
    c.right.kind === 'column' &&
    sameType(c.left.type, c.right.type)
  );
}

function isEquality(condition: Expr): boolean {
  return condition.kind === 'compare' && condition.op === '=';
}

/** The same whichever side is left. */
function equalityKey(a: ColumnExpr, b: ColumnExpr): string {
  return a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`;
}

function equalClasses(
  equalities: readonly { readonly left: ColumnExpr; readonly right: ColumnExpr }[],
  owner: ReadonlyMap<ColumnId, number>,
): readonly EqualColumns[] {
  let classes: EqualColumns[] = [];
  for (const { left, right } of equalities) {
    const joined = [left, right].map((column) => ({ member: owner.get(column.id) ?? 0, column }));
    const touched = classes.filter((c) => c.some((x) => x.column.id === left.id || x.column.id === right.id));
    const merged = [...touched.flat(), ...joined];
    const distinct = merged.filter((x, i) => merged.findIndex((y) => y.column.id === x.column.id) === i);
    classes = [...classes.filter((c) => !touched.includes(c)), distinct];
  }
  return classes;
}

/** Two equal columns of one member are a filter of that member. */
function onePerMember(columns: EqualColumns, filters: readonly Expr[][]): EqualColumns {
  const first = new Map<number, ColumnExpr>();
  for (const { member, column } of columns) {
    const known = first.get(member);
    if (known === undefined) first.set(member, column);
    else filters[member]?.push(compare('=', known, column));
  }
  return [...first].map(([member, column]) => ({ member, column }));
}
