import type { ColumnId } from '../plan/index.js';
import {
  type Block,
  type BoundColumn,
  type Compound,
  type NamedColumn,
  type OrderItem,
  type SelectItem,
  emptyBlock,
  simpleColumn,
} from './block.js';
import { fromItem, fromText } from './from-clause.js';
import { uniqueNames } from './names.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { conjunctionText, unwrap } from './text.js';

/** The SELECT statement of a block, with the given columns in the given order. */
export function selectText(block: Block, items: readonly SelectItem[], rendering: Rendering): string {
  if (block.compound !== undefined) {
    if (isWhole(block.compound, items)) return block.compound.sql;
    return fromWrapped(compoundAsTable(rendering, block.compound), items, rendering);
  }
  if (block.distinct === true && !coversAll(block, items)) {
    return fromWrapped(wrap(rendering, block, new Set(block.columns.keys())), items, rendering);
  }
  const having = havingOf(block, items);
  const mustAggregate =
    rendering.dialect.havingNeedsAggregate === true &&
    having.length > 0 &&
    block.group?.keys === '' &&
    !isAggregation(items);
  const keepsNames = rendering.dialect.columnsNeedAs !== true || block.from.length < 2;
  const list = selectList(mustAggregate ? items.map(aggregating) : items, keepsNames, rendering);
  const lines = [`SELECT ${distinctText(block)}${list || (mustAggregate ? 'count(*)' : '1')}`];
  if (block.from.length > 0) lines.push(`FROM ${fromText(block.from, rendering.layout.newline)}`);
  if (block.where.length > 0) lines.push(`WHERE ${conjunctionText(block.where)}`);
  if (block.group !== undefined && block.group.keys !== '') lines.push(`GROUP BY ${block.group.keys}`);
  if (having.length > 0) lines.push(`HAVING ${conjunctionText(having)}`);
  if (block.orderBy.length > 0) lines.push(`ORDER BY ${orderText(block.orderBy, items, rendering)}`);
  if (block.limit !== undefined) lines.push(block.limit);
  // Not `join`: it would copy the text of every sub-select at every level above it.
  return lines.reduce((sql, line) => sql + rendering.layout.newline + line);
}

function fromWrapped(table: Block, items: readonly SelectItem[], rendering: Rendering): string {
  const same = items.map((item) => ({ ...item, column: table.columns.get(item.id) ?? item.column }));
  return selectText(table, same, rendering);
}

/** @param keepsNames whether a column that is not renamed needs no AS */
function selectList(items: readonly SelectItem[], keepsNames: boolean, rendering: Rendering): string {
  const list = items.map(({ column, name }) => {
    const quoted = rendering.quote(name);
    const isItsName = keepsNames && column.simple && column.sql.endsWith(`.${quoted}`);
    return isItsName ? column.sql : `${unwrap(column.sql)} AS ${quoted}`;
  });
  return list.join(', ');
}

function distinctText(block: Block): string {
  if (block.distinct === undefined) return '';
  return block.distinct === true ? 'DISTINCT ' : `DISTINCT ON (${block.distinct.join(', ')}) `;
}

function coversAll(block: Block, items: readonly SelectItem[]): boolean {
  const ids = new Set(items.map((item) => item.id));
  return [...block.columns].every(([id, column]) => ids.has(id) || column.outer !== undefined);
}

function isWhole(compound: Compound, items: readonly SelectItem[]): boolean {
  return (
    items.length === compound.columns.length &&
    compound.columns.every((column, i) => column.id === items[i]?.id && column.name === items[i]?.name)
  );
}

/** Without a GROUP BY list only an aggregate, here or in the SELECT list, makes a query an aggregation. */
function havingOf(block: Block, items: readonly SelectItem[]): readonly string[] {
  const implied =
    block.group === undefined || block.group.keys !== '' || block.having.length > 0 || isAggregation(items);
  return implied ? block.having : ['count(*) >= 0'];
}

function isAggregation(items: readonly SelectItem[]): boolean {
  return items.some((item) => item.column.aggregated);
}

/** The same value as an aggregate: of a group that HAVING lets through, the count is never negative. */
function aggregating(item: SelectItem): SelectItem {
  const sql = `CASE WHEN count(*) >= 0 THEN ${unwrap(item.column.sql)} END`;
  return { ...item, column: { ...item.column, sql, simple: false, aggregated: true } };
}

function orderText(
  orderBy: readonly OrderItem[],
  items: readonly SelectItem[],
  rendering: Rendering,
): string {
  return orderBy
    .map(({ sql, byAlias }) => {
      if (byAlias === undefined) return sql;
      const [item, ...others] = items.filter(({ id }) => id === byAlias.id);
      const isUnique = others.length === 0 && items.filter(({ name }) => name === item?.name).length === 1;
      return item === undefined || !isUnique ? sql : (byAlias.sql(rendering.quote(item.name)) ?? sql);
    })
    .join(', ');
}

export interface WrapOptions {
  /** Whether the sub-select reads columns of tables beside it. */
  readonly lateral?: boolean;
  /** Whether values of an enclosing block become columns of the sub-select, as they must where a join may make them NULL. */
  readonly ownOuter?: boolean;
}

/** The block as a sub-select in the FROM of a new one, with only the wanted columns. */
export function wrap(
  rendering: Rendering,
  block: Block,
  wanted: ReadonlySet<ColumnId>,
  options: WrapOptions = {},
): Block {
  if (block.compound !== undefined) {
    return { ...compoundAsTable(rendering, block.compound, options), correlated: block.correlated };
  }
  // A value of an enclosing block can be read from here as well as from in there.
  const stays = (column: BoundColumn): boolean => column.outer !== undefined && options.ownOuter !== true;
  const kept = [...block.columns].filter(
    ([id, column]) => !stays(column) && (block.distinct === true || wanted.has(id)),
  );
  const names = uniqueNames(kept.map(([, column]) => column.name));
  const items = kept.map(([id, column], i) => ({
    id,
    column,
    name: names[i] ?? column.name,
    shown: column.name,
  }));
  const table = subselect(rendering, selectText(block, items, rendering), items, options);
  const columns = [...block.columns].flatMap(([id, column]): [ColumnId, BoundColumn][] => {
    const bound = stays(column) ? column : table.columns.get(id);
    return bound === undefined ? [] : [[id, bound]];
  });
  return { ...table, columns: new Map(columns), correlated: block.correlated };
}

function compoundAsTable(rendering: Rendering, compound: Compound, options: WrapOptions = {}): Block {
  return subselect(rendering, compound.sql, compound.columns, options);
}

function subselect(
  rendering: Rendering,
  sql: string,
  items: readonly NamedColumn[],
  { lateral }: WrapOptions,
): Block {
  if (lateral === true && rendering.dialect.lateral === false) {
    refuse('OPERATOR_NOT_SUPPORTED', 'The database has no correlated subquery in FROM.');
  }
  const alias = rendering.aliases.unique('q');
  return {
    ...emptyBlock,
    from: [
      fromItem(`${lateral === true ? 'LATERAL ' : ''}${rendering.layout.block(sql)} AS ${alias}`, alias),
    ],
    columns: new Map(
      items.map(({ id, name, shown }) => [id, simpleColumn(`${alias}.${rendering.quote(name)}`, shown)]),
    ),
  };
}
