import {
  type ColumnId,
  type Expr,
  type Rel,
  type StatisticsOrigin,
  columnsOf,
  outputOf,
  typeOf,
  visitRel,
} from '@tributary/contract';
import type { OptimizeContext } from '../context.js';
import { joinProfile } from './estimate-join.js';
import {
  type ColumnProfile,
  type Profile,
  defaultBytes,
  defaultTableRows,
  weaker,
  withRows,
} from './profile.js';
import { selectivityOfAll } from './selectivity.js';

/**
 * Estimates of the relations of one plan, each made once. CTE references and dependent scans are looked up in the
 * plan given, so make one estimator per plan.
 */
export class Estimator {
  readonly #ctx: OptimizeContext;
  readonly #known = new WeakMap<Rel, Profile>();
  readonly #ctes = new Map<number, Rel>();
  readonly #dependents = new Map<number, { readonly left: Rel; readonly correlated: readonly Expr[] }>();

  constructor(ctx: OptimizeContext, plan?: Rel) {
    this.#ctx = ctx;
    if (plan === undefined) return;
    visitRel(plan, (rel) => {
      if (rel.kind === 'with') this.#ctes.set(rel.id, rel.definition);
      if (rel.kind === 'dependent-join') this.#dependents.set(rel.id, rel);
    });
  }

  profile(rel: Rel): Profile {
    const known = this.#known.get(rel);
    if (known !== undefined) return known;
    const made = this.#estimate(rel);
    this.#known.set(rel, made);
    return made;
  }

  rows(rel: Rel): number {
    return this.profile(rel).rows;
  }

  /** Average bytes of a row. */
  rowBytes(rel: Rel): number {
    const { columns } = this.profile(rel);
    return outputOf(rel).reduce((sum, c) => sum + (columns.get(c.id)?.bytes ?? defaultBytes(c.type)), 0);
  }

  bytes(rel: Rel): number {
    return this.rows(rel) * this.rowBytes(rel);
  }

  /** Distinct combinations of the columns. */
  distinct(rel: Rel, columns: readonly ColumnId[]): number {
    return distinctOf(columns, this.profile(rel));
  }

  origin(rel: Rel): StatisticsOrigin {
    return this.profile(rel).origin;
  }

  #estimate(rel: Rel): Profile {
    switch (rel.kind) {
      case 'scan':
        return scanProfile(rel, this.#ctx);
      case 'values':
        return unknownProfile(rel, rel.rows.length, 'source');
      case 'filter': {
        const input = this.profile(rel.input);
        return withRows(input, input.rows * selectivityOfAll(rel.predicates, input));
      }
      case 'project': {
        const input = this.profile(rel.input);
        const columns = rel.columns.map((c): [ColumnId, ColumnProfile] => [c.id, computed(c.expr, input)]);
        return { ...input, columns: new Map(columns) };
      }
      case 'aggregate':
        return this.#aggregate(rel);
      case 'join':
      case 'dependent-join':
        return joinProfile(rel, this.profile(rel.left), this.profile(rel.right), this.#ctx);
      case 'distinct': {
        const input = this.profile(rel.input);
        const ids =
          rel.on === undefined ? outputOf(rel).map((c) => c.id) : rel.on.flatMap((e) => [...columnsOf(e)]);
        return withRows(input, distinctOf(ids, input));
      }
      case 'window': {
        const input = this.profile(rel.input);
        const own = rel.functions.map((f): [ColumnId, ColumnProfile] => [
          f.id,
          unknownColumn(f.type, input.rows),
        ]);
        return { ...input, columns: new Map([...input.columns, ...own]) };
      }
      case 'sort':
        return this.profile(rel.input);
      case 'limit': {
        const input = this.profile(rel.input);
        const count =
          rel.limit?.kind === 'literal' && rel.limit.value !== null ? Number(rel.limit.value) : undefined;
        return count === undefined ? input : withRows(input, Math.min(count, input.rows));
      }
      case 'set-operation':
        return this.#setOperation(rel);
      case 'with':
        return this.profile(rel.body);
      case 'cte-ref': {
        const definition = this.#ctes.get(rel.cte);
        if (definition === undefined) return unknownProfile(rel, defaultTableRows, 'default');
        const below = this.profile(definition);
        return { ...below, columns: renamed(rel.columns, rel.feeds, below) };
      }
      case 'dependent-scan': {
        const join = this.#dependents.get(rel.join);
        if (join === undefined) return unknownProfile(rel, defaultTableRows, 'default');
        const left = this.profile(join.left);
        const rows = distinctOf(
          join.correlated.flatMap((e) => [...columnsOf(e)]),
          left,
        );
        return unknownProfile(rel, rows, left.origin);
      }
      case 'remote':
        return unknownProfile(rel, defaultTableRows, 'default');
    }
  }

  #aggregate(rel: Rel & { readonly kind: 'aggregate' }): Profile {
    const input = this.profile(rel.input);
    const sets = rel.groupingSets ?? [rel.groups.map((_, i) => i)];
    const rows = sets.reduce((sum, set) => {
      const ids = set.flatMap((i) => [
        ...columnsOf(rel.groups[i]?.expr ?? { kind: 'literal', type: { id: 'null' }, value: null }),
      ]);
      return sum + (set.length === 0 ? 1 : distinctOf(ids, input));
    }, 0);
    const groups = rel.groups.map((g): [ColumnId, ColumnProfile] => [g.id, computed(g.expr, input)]);
    const values = rel.aggregates.map((a): [ColumnId, ColumnProfile] => [a.id, unknownColumn(a.type, rows)]);
    return withRows({ ...input, columns: new Map([...groups, ...values]) }, rows);
  }

  #setOperation(rel: Rel & { readonly kind: 'set-operation' }): Profile {
    const inputs = rel.inputs.map((input) => this.profile(input));
    const [first] = inputs;
    if (first === undefined) return unknownProfile(rel, 0, 'default');
    const all = inputs.map((i) => i.rows);
    const rows =
      rel.op === 'union'
        ? all.reduce((a, b) => a + b, 0)
        : rel.op === 'intersect'
          ? Math.min(...all)
          : first.rows;
    const origin = inputs.reduce((o, i) => weaker(o, i.origin), first.origin);
    return withRows({ rows, columns: renamed(rel.columns, rel.feeds[0] ?? [], first), origin }, rows);
  }
}

function scanProfile(rel: Rel & { readonly kind: 'scan' }, ctx: OptimizeContext): Profile {
  const statistics = ctx.statistics(rel.source, rel.table);
  const schema = ctx.schema(rel.source, rel.table);
  const rows = Math.max(0, statistics?.rows ?? schema?.table.estimatedRows ?? defaultTableRows);
  const unique = new Set(schema?.primaryKey.length === 1 ? schema.primaryKey : []);
  const columns = rel.columns.map((c): [ColumnId, ColumnProfile] => {
    const base = statistics?.columns.get(c.name);
    const known = base?.distinct ?? (unique.has(c.name) ? rows : undefined);
    const distinct = known ?? Math.max(1, rows * 0.1);
    return [
      c.id,
      {
        type: c.type,
        distinct: Math.max(1, Math.min(distinct, rows)),
        ...(known === undefined && { guessed: true }),
        nullFraction: base?.nullFraction ?? (c.nullable ? 0.05 : 0),
        bytes: base?.averageBytes ?? defaultBytes(c.type),
        ...(base && { base }),
      },
    ];
  });
  return { rows, columns: new Map(columns), origin: statistics?.origin ?? 'default' };
}

function unknownColumn(type: ColumnProfile['type'], rows: number): ColumnProfile {
  return { type, distinct: Math.max(1, rows), nullFraction: 0, bytes: defaultBytes(type) };
}

function unknownProfile(rel: Rel, rows: number, origin: StatisticsOrigin): Profile {
  const columns = outputOf(rel).map((c): [ColumnId, ColumnProfile] => [c.id, unknownColumn(c.type, rows)]);
  return { rows, columns: new Map(columns), origin };
}

/** A column passes; an expression has no more distinct values than what it reads. */
function computed(expr: Expr, input: Profile): ColumnProfile {
  if (expr.kind === 'column') return input.columns.get(expr.id) ?? unknownColumn(expr.type, input.rows);
  const type = typeOf(expr);
  return { ...unknownColumn(type, distinctOf([...columnsOf(expr)], input)), type };
}

function renamed(
  columns: readonly { readonly id: ColumnId; readonly type: ColumnProfile['type'] }[],
  feeds: readonly ColumnId[],
  below: Profile,
): ReadonlyMap<ColumnId, ColumnProfile> {
  return new Map(
    columns.map((c, i) => [c.id, below.columns.get(feeds[i] ?? -1) ?? unknownColumn(c.type, below.rows)]),
  );
}

/** Distinct combinations: the product, but never more than rows. */
function distinctOf(ids: readonly ColumnId[], profile: Profile): number {
  let product = 1;
  for (const id of new Set(ids)) product *= profile.columns.get(id)?.distinct ?? 10;
  return Math.max(1, Math.min(product, profile.rows));
}
