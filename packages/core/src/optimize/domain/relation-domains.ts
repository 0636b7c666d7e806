import { type ColumnId, type Expr, type Rel, isFloat, sameType, typeOf } from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import type { OptimizeContext } from '../context.js';
import { compareValues } from '../expressions/values.js';
import { rejectedBy } from '../facts/nullability.js';
import { type Domain, domainOfComparison, domainOfList, fullDomain, intersect, unite } from './domain.js';

export type Domains = ReadonlyMap<ColumnId, Domain>;

/** What was found out with a context, by relation. */
const known = new WeakMap<OptimizeContext, WeakMap<Rel, Domains>>();

/** What is certain of the values of the relation's columns; a column that is not there may be anything. */
export function domainsOf(rel: Rel, ctx: OptimizeContext): Domains {
  const byRel = known.get(ctx) ?? new WeakMap<Rel, Domains>();
  known.set(ctx, byRel);
  const found = byRel.get(rel) ?? findDomains(rel, ctx);
  byRel.set(rel, found);
  return found;
}

function findDomains(rel: Rel, ctx: OptimizeContext): Domains {
  switch (rel.kind) {
    case 'scan':
      return scanDomains(rel, ctx);
    case 'values':
      return new Map(
        rel.columns.map((c, i) => [
          c.id,
          ofRows(
            c.type,
            rel.rows.map((row) => row[i]),
          ),
        ]),
      );
    case 'filter':
      return narrow(domainsOf(rel.input, ctx), rel.predicates);
    case 'project': {
      const below = domainsOf(rel.input, ctx);
      return new Map(rel.columns.flatMap((c) => entry(c.id, ofExpr(c.expr, below))));
    }
    case 'aggregate': {
      if (rel.groupingSets !== undefined) return new Map();
      const below = domainsOf(rel.input, ctx);
      return new Map(rel.groups.flatMap((g) => entry(g.id, ofExpr(g.expr, below))));
    }
    case 'window':
    case 'distinct':
    case 'sort':
    case 'limit':
      return domainsOf(rel.input, ctx);
    case 'join':
    case 'dependent-join':
      return joinDomains(rel, ctx);
    case 'set-operation':
      return setDomains(rel, ctx);
    case 'with':
      return domainsOf(rel.body, ctx);
    case 'cte-ref':
    case 'dependent-scan':
    case 'remote':
      return new Map();
  }
}

function entry(id: ColumnId, domain: Domain | undefined): readonly [ColumnId, Domain][] {
  return domain === undefined ? [] : [[id, domain]];
}

function scanDomains(rel: Rel & { readonly kind: 'scan' }, ctx: OptimizeContext): Domains {
  const statistics = ctx.statistics(rel.source, rel.table);
  const domains = new Map<ColumnId, Domain>();
  for (const column of rel.columns) {
    const known = statistics?.columns.get(column.name);
    // NaN is greater than any bound, and formats leave it out of theirs.
    const exact = known?.exactBounds === true && column.comparison === 'ordered' && !isFloat(column.type);
    const bound = (
      value: string | undefined,
    ): { readonly value: string; readonly inclusive: true } | undefined =>
      exact && value !== undefined && compareValues(column.type, value, value) !== undefined
        ? { value, inclusive: true }
        : undefined;
    const low = bound(known?.min);
    const high = bound(known?.max);
    domains.set(column.id, {
      type: column.type,
      nullable: column.nullable,
      ...(low && { low }),
      ...(high && { high }),
    });
  }
  return domains;
}

function ofRows(type: Domain['type'], exprs: readonly (Expr | undefined)[]): Domain {
  const values: string[] = [];
  let nullable = false;
  for (const expr of exprs) {
    if (expr?.kind !== 'literal' || !sameType(expr.type, type)) return fullDomain(type, true);
    if (expr.value === null) nullable = true;
    else values.push(expr.value);
  }
  return { type, nullable, values: [...new Set(values)] };
}

function ofExpr(expr: Expr, below: Domains): Domain | undefined {
  if (expr.kind === 'column') return below.get(expr.id);
  return expr.kind === 'literal' ? ofRows(expr.type, [expr]) : undefined;
}

/** The domains of the rows for which all the predicates are true. */
export function narrow(domains: Domains, predicates: readonly Expr[]): Domains {
  const next = new Map(domains);
  for (const predicate of predicates) {
    const known = ofPredicate(predicate);
    if (known === undefined) continue;
    const [id, domain] = known;
    const before = next.get(id);
    next.set(id, before === undefined ? domain : intersect(before, domain));
  }
  for (const id of rejectedBy(predicates)) {
    const before = next.get(id);
    if (before?.nullable === true) next.set(id, { ...before, nullable: false });
  }
  equate(next, predicates);
  return next;
}

/** The column that a predicate bounds, and the values for which it is true. */
export function ofPredicate(predicate: Expr): readonly [ColumnId, Domain] | undefined {
  switch (predicate.kind) {
    case 'compare': {
      const { left, right, op } = predicate;
      if (left.kind !== 'column' || right.kind !== 'literal' || !sameType(left.type, right.type))
        return undefined;
      const domain = domainOfComparison(op, right);
      return domain && [left.id, domain];
    }
    case 'in': {
      const { arg, list, negated } = predicate;
      if (arg.kind !== 'column' || negated || list.some((i) => !sameType(typeOf(i), arg.type)))
        return undefined;
      const domain = domainOfList(arg.type, list);
      return domain && [arg.id, domain];
    }
    case 'is-null': {
      const { arg, negated } = predicate;
      if (arg.kind !== 'column') return undefined;
      return [arg.id, negated ? fullDomain(arg.type, false) : { type: arg.type, nullable: true, values: [] }];
    }
    case 'or': {
      const parts = predicate.args.map(ofPredicate);
      const [first, ...rest] = parts;
      if (first === undefined || rest.some((p) => p === undefined || p[0] !== first[0])) return undefined;
      return [first[0], rest.reduce((d, p) => (p === undefined ? d : unite(d, p[1])), first[1])];
    }
    case 'column':
    case 'literal':
    case 'parameter':
    case 'call':
    case 'and':
    case 'not':
    case 'in-key-set':
    case 'case':
    case 'cast':
      return undefined;
  }
}

/** Columns that are equal have the values that both may have. */
function equate(domains: Map<ColumnId, Domain>, predicates: readonly Expr[]): void {
  for (const p of predicates) {
    if (p.kind !== 'compare' || p.op !== '=' || p.left.kind !== 'column' || p.right.kind !== 'column')
      continue;
    const left = domains.get(p.left.id);
    const right = domains.get(p.right.id);
    if (left === undefined || right === undefined || !sameType(left.type, right.type)) continue;
    const both = intersect(left, right);
    domains.set(p.left.id, both);
    domains.set(p.right.id, both);
  }
}

function joinDomains(rel: Rel & { readonly kind: 'join' | 'dependent-join' }, ctx: OptimizeContext): Domains {
  const left = domainsOf(rel.left, ctx);
  switch (rel.type) {
    case 'inner':
      return narrow(new Map([...left, ...domainsOf(rel.right, ctx)]), rel.on);
    case 'semi': {
      const both = narrow(new Map([...left, ...domainsOf(rel.right, ctx)]), rel.on);
      const own = outputIdsOf(rel.left);
      return new Map([...both].filter(([id]) => own.has(id)));
    }
    case 'anti':
    case 'mark':
      return left;
    case 'left':
    case 'single':
      return new Map([...left, ...padded(domainsOf(rel.right, ctx))]);
    case 'right':
      return new Map([...padded(left), ...domainsOf(rel.right, ctx)]);
    case 'full':
      return new Map([...padded(left), ...padded(domainsOf(rel.right, ctx))]);
  }
}

function padded(domains: Domains): Domains {
  return new Map([...domains].map(([id, domain]) => [id, { ...domain, nullable: true }]));
}

function setDomains(rel: Rel & { readonly kind: 'set-operation' }, ctx: OptimizeContext): Domains {
  const branches = rel.inputs.map((input) => domainsOf(input, ctx));
  const domains = new Map<ColumnId, Domain>();
  rel.columns.forEach((column, i) => {
    const sides = (rel.op === 'except' ? branches.slice(0, 1) : branches).map((b, n) =>
      b.get(rel.feeds[n]?.[i] ?? -1),
    );
    const [first, ...rest] = sides;
    if (first === undefined || rest.includes(undefined)) return;
    const combine = rel.op === 'intersect' ? intersect : unite;
    domains.set(
      column.id,
      rest.reduce<Domain>((d, side) => (side === undefined ? d : combine(d, side)), first),
    );
  });
  return domains;
}
