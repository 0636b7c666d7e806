import { type Arbitrary, integer } from 'fast-check';

/** Tables of the small-tables bench and their columns that compare with integers. */
const tables = {
  a: ['id', 'x', 'y'],
  b: ['id', 'a_id', 'x', 'z'],
  c: ['x', 'w'],
  e: ['x', 'w'],
} as const;

type TableName = keyof typeof tables;

interface Relation {
  readonly sql: string;
  /** Columns in scope, qualified. */
  readonly columns: readonly string[];
}

const names: readonly TableName[] = ['a', 'b', 'c', 'e'];

/** Statements over the small tables: joins of every kind, nested subqueries, grouping, set operations, limits. */
export const statements: Arbitrary<string> = integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) =>
  new Writer(seed).statement(2),
);

/** Writes one random statement; one seed, one statement, so that a failure is a single number. */
class Writer {
  #state: number;
  #aliases = 0;

  constructor(seed: number) {
    this.#state = seed;
  }

  statement(depth: number): string {
    const kind = this.#below(10);
    if (depth > 0 && kind === 0) return this.#union(depth);
    if (kind === 1) return this.#grouped(depth);
    if (kind === 2) return this.#limited(depth);
    if (depth > 0 && kind === 3) return this.#nested(depth);
    const from = this.#from(depth);
    const distinct = this.#chance(0.15) ? 'DISTINCT ' : '';
    const items = this.#some(from.columns, 3).map((c, i) => `${c} AS k${i}`);
    if (distinct === '' && depth > 0 && this.#chance(0.3))
      items.push(`(${this.#scalar(from, depth - 1)}) AS q`);
    return `SELECT ${distinct}${items.join(', ')} FROM ${from.sql} WHERE ${this.#condition(from, depth)}`;
  }

  #union(depth: number): string {
    const op = this.#pick(['UNION ALL', 'UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT']);
    const [l, r] = [this.#from(depth - 1), this.#from(depth - 1)];
    const branch = (from: Relation): string =>
      `SELECT ${this.#pick(from.columns)} AS k0, ${this.#pick(['1', '2', this.#pick(from.columns)])} AS k1 FROM ${from.sql} WHERE ${this.#condition(from, 0)}`;
    const u = `(${branch(l)} ${op} ${branch(r)}) u`;
    const scope: Relation = { sql: u, columns: ['u.k0', 'u.k1'] };
    if (this.#chance(0.4)) {
      return `SELECT k1, count(*), count(k0), sum(k0), min(k0), max(k0) FROM ${u} WHERE ${this.#condition(scope, 0)} GROUP BY k1`;
    }
    return `SELECT k0, k1 FROM ${u} WHERE ${this.#condition(scope, depth - 1)}`;
  }

  #grouped(depth: number): string {
    const from = this.#from(depth);
    const keys = this.#some(from.columns, 2);
    const value = this.#pick(from.columns);
    const having = this.#chance(0.5)
      ? ` HAVING ${this.#pick([`count(*) > 1`, `${this.#pick(keys)} = ${this.#number()}`, `sum(${value}) > 3`])}`
      : '';
    return `SELECT ${keys.map((k, i) => `${k} AS k${i}`).join(', ')}, count(*), sum(${value}), min(${value}) FROM ${from.sql} WHERE ${this.#condition(from, depth)} GROUP BY ${keys.join(', ')}${having}`;
  }

  #limited(depth: number): string {
    const from = this.#from(depth);
    const items = from.columns.map((c, i) => `${c} AS k${i}`);
    const order = from.columns.map(
      (_, i) => `k${i}${this.#pick([' DESC', ''])} NULLS ${this.#pick(['FIRST', 'LAST'])}`,
    );
    const offset = this.#chance(0.3) ? ' OFFSET 1' : '';
    return `SELECT ${items.join(', ')} FROM ${from.sql} WHERE ${this.#condition(from, 0)} ORDER BY ${order.join(', ')} LIMIT ${1 + this.#below(5)}${offset}`;
  }

  #nested(depth: number): string {
    const from = this.#from(depth - 1);
    const items = from.columns.map((c, i) => `${c} AS k${i}`);
    const over = this.#pick(from.columns);
    const window = this.#chance(0.5)
      ? `, ${this.#pick(['count(*)', `sum(${over})`, `rank()`])} OVER (PARTITION BY ${this.#pick(from.columns)} ${this.#chance(0.5) ? `ORDER BY ${over}` : ''}) AS w`
      : '';
    const scope: Relation = { sql: '', columns: from.columns.map((_, i) => `n.k${i}`) };
    return `SELECT * FROM (SELECT ${items.join(', ')}${window} FROM ${from.sql} WHERE ${this.#condition(from, 0)}) n WHERE ${this.#condition(scope, depth - 1)}`;
  }

  #scalar(outer: Relation, depth: number): string {
    const from = this.#from(0);
    const value = this.#pick(from.columns);
    const call = this.#pick([
      'count(*)',
      `count(${value})`,
      `max(${value})`,
      `sum(${value})`,
      `min(${value}) + 1`,
    ]);
    return `SELECT ${call} FROM ${from.sql} WHERE ${this.#link(from, outer)} AND ${this.#condition(from, depth)}`;
  }

  #from(depth: number): Relation {
    let relation = this.#item(depth);
    const joins = this.#below(3);
    for (let i = 0; i < joins; i += 1) {
      const next = this.#item(0);
      const kind = this.#pick(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', ',']);
      if (kind === ',') {
        relation = {
          sql: `${relation.sql} CROSS JOIN ${next.sql}`,
          columns: [...relation.columns, ...next.columns],
        };
        continue;
      }
      const on = [`${this.#pick(relation.columns)} = ${this.#pick(next.columns)}`];
      const both: Relation = { sql: '', columns: [...relation.columns, ...next.columns] };
      // DuckDB takes only comparisons between the sides in a FULL JOIN.
      if (kind !== 'FULL JOIN' && this.#chance(0.3)) on.push(this.#simple(both));
      relation = { sql: `${relation.sql} ${kind} ${next.sql} ON ${on.join(' AND ')}`, columns: both.columns };
    }
    return relation;
  }

  #item(depth: number): Relation {
    const alias = `t${this.#aliases++}`;
    if (depth > 0 && this.#chance(0.25)) {
      const inner = this.#from(0);
      const items = this.#some(inner.columns, 2);
      const body = this.#chance(0.4)
        ? `SELECT ${items[0]} AS k0, max(${items.at(-1)}) AS k1 FROM ${inner.sql} GROUP BY ${items[0]}`
        : `SELECT ${this.#chance(0.3) ? 'DISTINCT ' : ''}${items[0]} AS k0, ${items.at(-1)} + 1 AS k1 FROM ${inner.sql} WHERE ${this.#condition(inner, 0)}`;
      return { sql: `(${body}) ${alias}`, columns: [`${alias}.k0`, `${alias}.k1`] };
    }
    const name = this.#pick(names);
    return { sql: `${name} ${alias}`, columns: tables[name].map((c) => `${alias}.${c}`) };
  }

  #condition(scope: Relation, depth: number): string {
    const parts = Array.from({ length: 1 + this.#below(3) }, () =>
      depth > 0 && this.#chance(0.35) ? this.#subquery(scope, depth - 1) : this.#simple(scope),
    );
    if (this.#chance(0.15)) return parts.map((p) => `(${p})`).join(' OR ');
    return parts.map((p) => `(${this.#chance(0.1) ? `NOT (${p})` : p})`).join(' AND ');
  }

  #subquery(outer: Relation, depth: number): string {
    const from = this.#from(0);
    const where = [this.#condition(from, depth)];
    if (this.#chance(0.6)) where.push(this.#link(from, outer));
    const not = this.#chance(0.4) ? 'NOT ' : '';
    if (this.#chance(0.4)) return `${not}EXISTS (SELECT 1 FROM ${from.sql} WHERE ${where.join(' AND ')})`;
    if (this.#chance(0.3))
      return `${this.#pick(outer.columns)} ${this.#pick(['>', '=', '<='])} (${this.#scalar(outer, 0)})`;
    return `${this.#pick(outer.columns)} ${not}IN (SELECT ${this.#pick(from.columns)} FROM ${from.sql} WHERE ${where.join(' AND ')})`;
  }

  /** A correlation, mostly an equality. */
  #link(inner: Relation, outer: Relation): string {
    const op = this.#chance(0.75) ? '=' : this.#pick(['<>', '>', '<=']);
    return `${this.#pick(inner.columns)} ${op} ${this.#pick(outer.columns)}`;
  }

  #simple(scope: Relation): string {
    const column = this.#pick(scope.columns);
    const other = this.#pick(scope.columns);
    const number = this.#number();
    return this.#pick([
      `${column} = ${number}`,
      `${column} ${this.#pick(['<', '<=', '>', '>=', '<>'])} ${number}`,
      `${column} = ${other}`,
      `${column} ${this.#pick(['<', '<>', '>='])} ${other}`,
      `${column} IS NULL`,
      `${column} IS NOT NULL`,
      `${column} IN (${number}, ${this.#number()})`,
      `${column} NOT IN (${number}, ${this.#number()})`,
      `${column} IS NOT DISTINCT FROM ${other}`,
      `coalesce(${column}, ${number}) = ${this.#number()}`,
      `(${column} = ${number} AND ${other} > 1) OR (${column} = ${number} AND ${other} IS NULL)`,
      `${column} + ${other} > ${number}`,
      `CASE WHEN ${column} > 1 THEN ${other} ELSE ${number} END = ${this.#number()}`,
      `CAST(${column} AS DOUBLE) < ${number}.5`,
      `NOT (${column} = ${number} OR ${other} < 2)`,
    ]);
  }

  #number(): number {
    return this.#below(6);
  }

  #some(columns: readonly string[], most: number): readonly string[] {
    return Array.from({ length: 1 + this.#below(most) }, () => this.#pick(columns));
  }

  #pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  #chance(share: number): boolean {
    return this.#below(1000) < share * 1000;
  }

  /** mulberry32. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }
}
