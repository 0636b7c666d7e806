import { hostileColumns, idColumn } from './hostile-columns.js';
import type { Kind } from './kind.js';
import type { Maker, Scope } from './maker.js';

/** A scalar expression of a kind over the scope, as SQL. */
export function scalar(kind: Kind, scope: Scope, maker: Maker, depth: number): string {
  const { choices } = maker;
  if (depth === 0 || !choices.oneIn(2)) return leaf(kind, scope, maker);
  const sub = (of: Kind = kind): string => scalar(of, scope, maker, depth - 1);
  if (choices.oneIn(4)) return anyKind(kind, scope, maker, depth);
  switch (kind) {
    case 'integer':
      return choices.pick(
        () => `(${sub()} ${choices.pick('+', '-', '*')} ${sub()})`,
        () => `(${sub()} ${choices.pick('%', '//')} ${choices.pick('3', '-3', '7')})`,
        () => `abs(${sub()})`,
        () => `(-${sub()})`,
        () => `CAST(length(${sub('text')}) AS INTEGER)`,
        () =>
          `CAST(${choices.pick('year', 'month', 'day', 'dayofweek', 'quarter')}(${sub('day')}) AS INTEGER)`,
        () => `CAST(${sub('boolean')} AS INTEGER)`,
        () => `CAST(strpos(${sub('text')}, 'a') AS INTEGER)`,
      )();
    case 'wide':
      return choices.pick(
        () => `(${sub()} ${choices.pick('%', '//')} ${choices.pick('7', '-7', '10')})`,
        () => `CAST(${sub()} AS HUGEINT)`,
        () =>
          `(CAST(${sub('integer')} AS BIGINT) ${choices.pick('+', '-', '*')} ${choices.pick('1', '5000000000')})`,
        () => `extract(${choices.pick('year', 'epoch')} FROM ${sub('day')})::BIGINT`,
      )();
    case 'decimal':
      return choices.pick(
        // A product of two of them has more digits than DuckDB gives it.
        () => `(${leaf(kind, scope, maker)} ${choices.pick('+', '-')} ${leaf(kind, scope, maker)})`,
        () => `(${leaf(kind, scope, maker)} * ${choices.pick('2', '-0.5', '1.25')})`,
        () => `(${leaf(kind, scope, maker)} % ${choices.pick('3', '-2.5', '0.07')})`,
        () => `${choices.pick('abs', 'floor', 'ceil', 'round', 'trunc')}(${leaf(kind, scope, maker)})`,
        () => `round(${leaf(kind, scope, maker)}, ${choices.pick('1', '0', '-1', '2')})`,
        () => `(-${leaf(kind, scope, maker)})`,
        () => `CAST(${sub('integer')} AS DECIMAL(12,2))`,
      )();
    case 'wide-decimal':
      return choices.pick(
        () => `abs(${sub()})`,
        () => `(-${sub()})`,
        () => `CAST(${leaf('decimal', scope, maker)} AS DECIMAL(38,10))`,
      )();
    case 'mild-double':
      return choices.pick(
        () => `(${leaf(kind, scope, maker)} ${choices.pick('+', '-', '*')} ${leaf(kind, scope, maker)})`,
        () => `(${leaf(kind, scope, maker)} / ${choices.pick('4', '-3.0', 'CAST(0.5 AS DOUBLE)')})`,
        () => `${choices.pick('abs', 'floor', 'ceil', 'round', 'trunc')}(${leaf(kind, scope, maker)})`,
        () => `sqrt(abs(${leaf(kind, scope, maker)}))`,
        () => `CAST(${leaf('integer', scope, maker)} AS DOUBLE)`,
        () => `(${leaf('integer', scope, maker)} / ${choices.pick('4', '3')})`,
      )();
    case 'double':
      return choices.pick(
        () => `(${leaf(kind, scope, maker)} ${choices.pick('+ 1', '- 1.5', '* 0.5')})`,
        () => `${choices.pick('abs', 'floor', 'ceil', 'round')}(${leaf(kind, scope, maker)})`,
        () => `(-${leaf(kind, scope, maker)})`,
        () => `CAST(${leaf('wide', scope, maker)} AS DOUBLE)`,
        () => `CAST(${leaf('mild-double', scope, maker)} AS FLOAT)`,
      )();
    case 'text':
      return choices.pick(
        () => `${choices.pick('lower', 'upper', 'trim', 'ltrim', 'rtrim', 'reverse', 'md5')}(${sub()})`,
        () => `(${sub()} || ${sub()})`,
        () => `concat(${sub()}, ${sub()})`,
        () => `substring(${sub()}, ${choices.pick('1', '2', '0', '-1')}, ${choices.pick('1', '3', '0')})`,
        () => `${choices.pick('left', 'right')}(${sub()}, ${choices.pick('1', '2', '-1')})`,
        () => `replace(${sub()}, ${choices.pick(`'a'`, `'%'`, `''`, `'\\'`)}, ${choices.pick(`'x'`, `''`)})`,
        () => `CAST(${sub('integer')} AS VARCHAR)`,
        () =>
          `CAST(${leaf(choices.pick<Kind>('wide', 'decimal', 'boolean', 'day', 'uuid'), scope, maker)} AS VARCHAR)`,
        () => `repeat(${leaf(kind, scope, maker)}, 2)`,
        () => `lpad(${leaf(kind, scope, maker)}, 3, '*')`,
      )();
    case 'day':
      return choices.pick(
        () => `(${leaf(kind, scope, maker)} ${choices.pick('+', '-')} ${choices.pick('1', '30', '366')})`,
        () =>
          `CAST(date_trunc(${choices.pick(`'month'`, `'year'`, `'week'`)}, ${leaf(kind, scope, maker)}) AS DATE)`,
        () =>
          `CAST((${leaf(kind, scope, maker)} + INTERVAL '${choices.pick('1 month', '1 day', '-1 year')}') AS DATE)`,
      )();
    case 'timestamp':
      return choices.pick(
        () => `CAST(${sub('day')} AS TIMESTAMP)`,
        () => `date_trunc(${choices.pick(`'day'`, `'hour'`, `'month'`)}, CAST(${sub('day')} AS TIMESTAMP))`,
        () =>
          `(${leaf('day', scope, maker)} + INTERVAL '${choices.pick('1 month', '90 minutes', '-1 day')}')`,
      )();
    case 'boolean':
      return `(${leaf('integer', scope, maker)} ${choices.pick('=', '<', '>=')} ${sub('integer')})`;
    case 'date':
    case 'timestamptz':
    case 'time':
    case 'uuid':
    case 'blob':
    case 'interval':
      return anyKind(kind, scope, maker, depth);
  }
}

/** What there is for every type. */
function anyKind(kind: Kind, scope: Scope, maker: Maker, depth: number): string {
  const { choices } = maker;
  const sub = (of: Kind = kind): string => scalar(of, scope, maker, depth - 1);
  return choices.pick(
    () => `coalesce(${sub()}, ${sub()})`,
    () => `CASE WHEN ${sub('boolean')} THEN ${sub()} ELSE ${sub()} END`,
    () => `CASE WHEN ${sub('integer')} > ${sub('integer')} THEN ${sub()} END`,
    () =>
      `CASE ${sub('integer')} WHEN 1 THEN ${sub()} WHEN ${sub('integer')} THEN ${sub()} ELSE ${sub()} END`,
    () => (kind === 'interval' ? leaf(kind, scope, maker) : `nullif(${sub()}, ${leaf(kind, scope, maker)})`),
    () =>
      kind === 'interval'
        ? leaf(kind, scope, maker)
        : `${choices.pick('greatest', 'least')}(${sub()}, ${sub()})`,
  )();
}

/** A column of the scope or, now and then and where there is none, a constant. */
export function leaf(kind: Kind, scope: Scope, maker: Maker): string {
  const { choices } = maker;
  const columns = scope.filter((column) => column.kind === kind);
  if (columns.length > 0 && !choices.oneIn(5)) return choices.pickFrom(columns).sql;
  return constantOf(kind, maker);
}

export function constantOf(kind: Kind, maker: Maker): string {
  const ofKind = [idColumn, ...hostileColumns].filter((column) => column.kind === kind);
  return maker.constant(maker.choices.pickFrom(ofKind).name);
}
