import type { ParameterValue } from '@tributary/connector-sdk';
import type { Kind } from './kind.js';
import { type GeneratorWorld, Maker, type Scope, type ScopeColumn } from './maker.js';
import { predicate } from './predicates.js';
import { leaf, scalar } from './scalars.js';
import { anyTable, equality, tableScope } from './subqueries.js';

export interface GeneratedQuery {
  /** For the engine, with `$1`, `$2`, …. */
  readonly sql: string;
  readonly parameters: readonly ParameterValue[];
  /** The same with every parameter's value written out. */
  readonly plainSql: string;
  /** Whether the rows' order is settled, up to equal rows. */
  readonly ordered: boolean;
}

/** A SELECT in the making, with its output columns. */
interface Select {
  readonly sql: string;
  readonly kinds: readonly Kind[];
}

/** Kinds of which equal values look the same, so that DISTINCT and ORDER BY settle the answer; the common ones more often. */
const outputKinds: readonly Kind[] = [
  'integer',
  'wide',
  'decimal',
  'text',
  'integer',
  'wide',
  'text',
  'mild-double',
  'double',
  'day',
  'date',
  'timestamp',
  'timestamptz',
  'boolean',
  'uuid',
  'blob',
  'time',
  'wide-decimal',
];

/** The query that a list of numbers stands for. */
export function generatedQuery(numbers: readonly number[], world: GeneratorWorld): GeneratedQuery {
  const maker = new Maker(numbers, world);
  const { choices } = maker;
  const select = choices.pick(
    () => core(maker, 2),
    () => core(maker, 2),
    () => setOperation(maker, 2),
    () => withQuery(maker),
    () => wholeRows(maker),
  )();
  const sortable = !select.kinds.includes('interval');
  const order = sortable && choices.oneIn(2) ? orderAndLimit(select, maker) : '';
  return { ...maker.finish(`${select.sql}${order}`), ordered: order !== '' };
}

function core(maker: Maker, depth: number, wanted?: readonly Kind[]): Select {
  const { choices } = maker;
  const { from, scope, unique } = fromClause(maker, depth);
  const where = choices.oneIn(4) ? '' : ` WHERE ${predicate(scope, maker, 2)}`;
  const kinds = wanted ?? choices.many(1, 3, () => choices.pickFrom(outputKinds));
  return choices.pick(
    () => plainSelect(kinds, from, where, scope, maker),
    () => groupedSelect(kinds, from, where, scope, maker),
    () => plainSelect(kinds, from, where, scope, maker, 'DISTINCT '),
    () => windowSelect(kinds, from, where, scope, maker, unique),
  )();
}

function plainSelect(
  kinds: readonly Kind[],
  from: string,
  where: string,
  scope: Scope,
  maker: Maker,
  distinct = '',
): Select {
  const items = kinds.map((kind, i) => `${scalar(kind, scope, maker, 2)} AS c${i}`);
  return { sql: `SELECT ${distinct}${items.join(', ')} FROM ${from}${where}`, kinds };
}

function groupedSelect(
  kinds: readonly Kind[],
  from: string,
  where: string,
  scope: Scope,
  maker: Maker,
): Select {
  const { choices } = maker;
  const keyCount = choices.below(kinds.length + 1);
  const keys = kinds
    .slice(0, keyCount)
    .map((kind) => (choices.oneIn(3) ? scalar(kind, scope, maker, 1) : leaf(kind, scope, maker)));
  const measures = kinds.slice(keyCount).map((kind) => aggregate(kind, scope, maker));
  const items = [...keys, ...measures].map((item, i) => `${item} AS c${i}`);
  const positions = keys.map((_, i) => String(i + 1)).join(', ');
  const group =
    keys.length === 0 ? '' : ` GROUP BY ${choices.oneIn(6) ? `ROLLUP (${positions})` : positions}`;
  const having = choices.oneIn(3)
    ? ` HAVING ${aggregate('integer', scope, maker)} ${choices.pick('>', '<=', '=')} ${choices.pick('1', '2', '0')}`
    : '';
  return { sql: `SELECT ${items.join(', ')} FROM ${from}${where}${group}${having}`, kinds };
}

function aggregate(kind: Kind, scope: Scope, maker: Maker): string {
  const { choices } = maker;
  const filter = choices.oneIn(4) ? ` FILTER (WHERE ${predicate(scope, maker, 1)})` : '';
  const extreme = (): string => `${choices.pick('min', 'max')}(${scalar(kind, scope, maker, 1)})${filter}`;
  const distinct = choices.oneIn(2) ? 'DISTINCT ' : '';
  switch (kind) {
    case 'integer':
      return choices.pick(
        () => `CAST(count(*)${filter} AS INTEGER)`,
        () =>
          `CAST(count(${distinct}${leaf(choices.pickFrom(outputKinds), scope, maker)})${filter} AS INTEGER)`,
        extreme,
      )();
    case 'wide':
      return choices.pick(
        () => `count(*)${filter}`,
        () => `count(${leaf(choices.pickFrom(outputKinds), scope, maker)})${filter}`,
        () => `sum(${distinct}${leaf(choices.pick<Kind>('integer', 'wide'), scope, maker)})${filter}`,
        extreme,
      )();
    case 'decimal':
      return choices.pick(() => `sum(${distinct}${leaf(kind, scope, maker)})${filter}`, extreme)();
    case 'mild-double':
      return choices.pick(
        () => `sum(${leaf(kind, scope, maker)})${filter}`,
        () =>
          `avg(${distinct}${leaf(choices.pick<Kind>('integer', 'mild-double', 'decimal', 'wide'), scope, maker)})${filter}`,
        extreme,
      )();
    case 'boolean':
      return `${choices.pick('bool_and', 'bool_or')}(${scalar(kind, scope, maker, 1)})${filter}`;
    case 'text': {
      const columns = scope.filter((column) => column.kind === 'text');
      if (columns.length === 0) return extreme();
      const text = choices.pickFrom(columns).sql;
      return choices.pick(extreme, () => `string_agg(${text}, '|' ORDER BY ${text})${filter}`)();
    }
    case 'uuid':
    case 'blob':
    case 'day':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'double':
    case 'wide-decimal':
    case 'interval':
      return extreme();
  }
}

/** Window functions whose value is the same for rows that the window's order calls equal. */
function windowSelect(
  kinds: readonly Kind[],
  from: string,
  where: string,
  scope: Scope,
  maker: Maker,
  unique: string | undefined,
): Select {
  const { choices } = maker;
  if (unique === undefined) return plainSelect(kinds, from, where, scope, maker);
  const partition = choices.pick(
    '',
    `PARTITION BY ${leaf('integer', scope, maker)} `,
    `PARTITION BY ${leaf('text', scope, maker)} `,
  );
  const order = `ORDER BY ${choices.pick('', `${unique.replace('"id"', '"k"')} DESC NULLS LAST, `)}${unique}`;
  const call = choices.pick(
    'row_number()',
    `sum(${leaf('integer', scope, maker)})`,
    'rank()',
    `lag(${leaf('integer', scope, maker)})`,
    'count(*)',
  );
  const items = kinds.map((kind, i) => `${leaf(kind, scope, maker)} AS c${i}`);
  const window = `CAST(${call} OVER (${partition}${order}) AS BIGINT) AS c${kinds.length}`;
  const qualify = choices.oneIn(3) ? ` QUALIFY row_number() OVER (${partition}${order}) <= 2` : '';
  return {
    sql: `SELECT ${[...items, window].join(', ')} FROM ${from}${where}${qualify}`,
    kinds: [...kinds, 'wide'],
  };
}

interface From {
  readonly from: string;
  readonly scope: Scope;
  /** A column without equal values, if it is known. */
  readonly unique: string | undefined;
}

function fromClause(maker: Maker, depth: number): From {
  const { choices } = maker;
  return choices.pick(
    () => oneTable(maker),
    () => join(oneTable(maker), oneTable(maker), maker),
    () => join(join(oneTable(maker), oneTable(maker), maker), oneTable(maker), maker),
    () => (depth === 0 ? oneTable(maker) : subselect(maker, depth)),
    () => (depth === 0 ? oneTable(maker) : join(oneTable(maker), subselect(maker, depth), maker)),
  )();
}

function oneTable(maker: Maker): From {
  const { from, scope, alias } = tableScope(anyTable(maker), maker);
  return { from, scope, unique: `${alias}."id"` };
}

function subselect(maker: Maker, depth: number): From {
  const { choices } = maker;
  const select = choices.oneIn(3) ? setOperation(maker, depth - 1) : core(maker, depth - 1);
  const limit = choices.oneIn(3) ? orderAndLimit(select, maker) : '';
  const alias = maker.alias();
  return {
    from: `(${select.sql}${limit}) AS ${alias}`,
    scope: outputScope(select, alias),
    unique: undefined,
  };
}

function outputScope(select: Select, alias: string): Scope {
  return select.kinds.map((kind, i): ScopeColumn => ({ sql: `${alias}.c${i}`, kind }));
}

function join(left: From, right: From, maker: Maker): From {
  const { choices } = maker;
  const type = choices.pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'SEMI JOIN', 'ANTI JOIN');
  const both = [...left.scope, ...right.scope];
  const equal = equality(left.scope, right.scope, maker);
  // No sub-selects: DuckDB has none in the condition of an outer join.
  const more = choices.oneIn(4) ? [predicate(both, maker, 0)] : [];
  const on = [...equal, ...more];
  const bounded =
    on.length > 0 ? on : [`${leaf('integer', left.scope, maker)} = ${leaf('integer', right.scope, maker)}`];
  const oneSided = type === 'SEMI JOIN' || type === 'ANTI JOIN';
  return {
    from: `${left.from} ${type} ${right.from} ON ${bounded.join(' AND ')}`,
    scope: oneSided ? left.scope : both,
    unique: oneSided ? left.unique : undefined,
  };
}

function setOperation(maker: Maker, depth: number): Select {
  const { choices } = maker;
  const left = plainCore(maker, depth);
  const operator = choices.pick('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL', 'INTERSECT ALL');
  const right = plainCore(maker, depth, left.kinds);
  return { sql: `(${left.sql}) ${operator} (${right.sql})`, kinds: left.kinds };
}

/** Without a window: set operations need as many columns on both sides. */
function plainCore(maker: Maker, depth: number, wanted?: readonly Kind[]): Select {
  const { choices } = maker;
  const { from, scope } = fromClause(maker, Math.max(0, depth - 1));
  const where = choices.oneIn(3) ? '' : ` WHERE ${predicate(scope, maker, 1)}`;
  const kinds = wanted ?? choices.many(1, 3, () => choices.pickFrom(outputKinds));
  return choices.oneIn(3)
    ? groupedSelect(kinds, from, where, scope, maker)
    : plainSelect(kinds, from, where, scope, maker);
}

function withQuery(maker: Maker): Select {
  const { choices } = maker;
  const definition = core(maker, 1);
  const [first, second] = [maker.alias(), maker.alias()];
  const scope = [...outputScope(definition, first), ...outputScope(definition, second)];
  const kinds = choices.many(1, 2, () => choices.pickFrom(scope).kind);
  const on = choices.pick(
    `${first}.c0 = ${second}.c0`,
    `${first}.c0 IS NOT DISTINCT FROM ${second}.c0`,
    'false',
  );
  const items = kinds.map((kind, i) => `${leaf(kind, scope, maker)} AS c${i}`);
  const type = choices.pick('JOIN', 'LEFT JOIN', 'FULL JOIN');
  const where = choices.oneIn(2) ? ` WHERE ${predicate(scope, maker, 1)}` : '';
  // The definition may have many equal rows; the first hundred of each side keep the join small.
  const sql = `WITH q AS (SELECT * FROM (${definition.sql}) ORDER BY ALL LIMIT 100) SELECT ${items.join(', ')} FROM q AS ${first} ${type} q AS ${second} ON ${on}${where}`;
  return { sql, kinds };
}

/** Every column, and every type with it. */
function wholeRows(maker: Maker): Select {
  const { from, scope, alias } = tableScope(anyTable(maker), maker);
  return { sql: `SELECT ${alias}.* FROM ${from} WHERE ${predicate(scope, maker, 2)}`, kinds: ['interval'] };
}

function orderAndLimit(select: Select, maker: Maker): string {
  const { choices } = maker;
  const keys = select.kinds.map(
    (_, i) => `${i + 1}${choices.pick('', ' DESC')}${choices.pick('', ' NULLS FIRST', ' NULLS LAST')}`,
  );
  const limit = choices.pick(
    '',
    ` LIMIT ${choices.pick('5', '1', '0', '20')}`,
    ` LIMIT 3 OFFSET ${choices.pick('2', '100')}`,
    ' OFFSET 3',
  );
  return ` ORDER BY ${keys.join(', ')}${limit}`;
}
