import { type Expr, type Rel, columnsOf } from '@tributary/contract';
import { outputIdsOf } from './output-ids.js';
import { isVolatile } from './volatility.js';

/** Relations joined by nothing but inner joins, and all the conditions between them. */
export interface InnerGroup {
  readonly members: readonly Rel[];
  readonly on: readonly Expr[];
}

/** Takes a tree of inner joins (and filters over them) apart; a relation of another kind is a group of one. */
export function innerGroup(rel: Rel): InnerGroup {
  if (rel.kind === 'join' && rel.type === 'inner') {
    const left = innerGroup(rel.left);
    const right = innerGroup(rel.right);
    return { members: [...left.members, ...right.members], on: [...left.on, ...right.on, ...rel.on] };
  }
  const isOverInner = rel.kind === 'filter' && rel.input.kind === 'join' && rel.input.type === 'inner';
  if (isOverInner && !rel.predicates.some(isVolatile)) {
    const inner = innerGroup(rel.input);
    return { members: inner.members, on: [...inner.on, ...rel.predicates] };
  }
  return { members: [rel], on: [] };
}

/** Joins the members in the order given, each condition as soon as its columns are there. */
export function joinInOrder(members: readonly Rel[], on: readonly Expr[]): Rel | undefined {
  let open = on;
  let joined: Rel | undefined;
  for (const member of members) {
    if (joined === undefined) {
      joined = member;
      continue;
    }
    const columns = outputIdsOf(joined).union(outputIdsOf(member));
    const ready = open.filter((c) => columnsOf(c).isSubsetOf(columns));
    open = open.filter((c) => !ready.includes(c));
    joined = { kind: 'join', type: 'inner', left: joined, right: member, on: ready };
  }
  if (joined === undefined || open.length === 0) return joined;
  return joined.kind === 'join'
    ? { ...joined, on: [...joined.on, ...open] }
    : { kind: 'filter', input: joined, predicates: open };
}
