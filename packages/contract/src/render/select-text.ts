import type { Block, Compound, OrderItem, SelectItem } from './block.js';
import { fromText } from './from-clause.js';
import type { Rendering } from './rendering.js';
import { conjunctionText, unwrap } from './text.js';

/** The SELECT statement of a block, with the given columns in the given order. */
export function selectText(block: Block, items: readonly SelectItem[], rendering: Rendering): string {
  if (block.compound !== undefined) {
    if (isWhole(block.compound, items)) return block.compound.sql;
    return fromWrapped(rendering.compoundAsTable(block.compound), items, rendering);
  }
  if (block.distinct === true && !coversAll(block, items)) {
    return fromWrapped(rendering.wrap(block, new Set(block.columns.keys())), items, rendering);
  }
  const lines = [`SELECT ${distinctText(block)}${selectList(items, rendering)}`];
  if (block.from.length > 0) lines.push(`FROM ${fromText(block.from, rendering)}`);
  if (block.where.length > 0) lines.push(`WHERE ${conjunctionText(block.where)}`);
  if (block.group !== undefined && block.group.keys !== '') lines.push(`GROUP BY ${block.group.keys}`);
  const having = havingOf(block, items);
  if (having.length > 0) lines.push(`HAVING ${conjunctionText(having)}`);
  if (block.orderBy.length > 0) lines.push(`ORDER BY ${orderText(block.orderBy, items, rendering)}`);
  if (block.limit !== undefined) lines.push(block.limit);
  return lines.join(rendering.layout.newline);
}

function fromWrapped(table: Block, items: readonly SelectItem[], rendering: Rendering): string {
  const same = items.map((item) => ({ ...item, column: table.columns.get(item.id) ?? item.column }));
  return selectText(table, same, rendering);
}

function selectList(items: readonly SelectItem[], rendering: Rendering): string {
  const list = items.map(({ column, name }) => {
    const quoted = rendering.quote(name);
    const isItsName = column.simple && column.sql.endsWith(`.${quoted}`);
    return isItsName ? column.sql : `${unwrap(column.sql)} AS ${quoted}`;
  });
  return list.length === 0 ? '1' : list.join(', ');
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
    block.group === undefined ||
    block.group.keys !== '' ||
    block.having.length > 0 ||
    items.some((item) => item.column.aggregated);
  return implied ? block.having : ['count(*) >= 0'];
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
