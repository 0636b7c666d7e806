import { type ColumnId, type SetOperation, columnRef } from '../plan/index.js';
import { type Block, type BoundColumn, emptyBlock, simpleColumn, unknownColumn } from './block.js';
import { uniqueNames } from './names.js';
import type { Rendering } from './rendering.js';
import { wantedFeeds } from './required-columns.js';
import { selectText } from './select-text.js';
import { needGroupable } from './sort-key.js';

export function setOperationBlock(rel: SetOperation, inputs: readonly Block[], rendering: Rendering): Block {
  const wanted = rendering.required.of(rel);
  const isBag = rel.op === 'union' && rel.all;
  const columns = isBag ? rel.columns.filter((column) => wanted.has(column.id)) : rel.columns;
  if (!isBag) {
    const scope = rendering.scope(new Map());
    for (const column of rel.columns) needGroupable(columnRef(column), scope);
  }
  const names = uniqueNames(columns.map((column) => column.name));
  const operator = `${rel.op.toUpperCase()}${rel.all ? ' ALL' : ''}`;
  const branches = inputs.map((block, i) => {
    const feed = rel.feeds[i] ?? [];
    const items = (isBag ? wantedFeeds(rel, feed, wanted) : feed).map((id, at) => ({
      id,
      column: block.columns.get(id) ?? unknownColumn(id),
      name: names[at] ?? '',
    }));
    const sql = selectText(block, items, rendering);
    const isPlain = block.orderBy.length === 0 && block.limit === undefined && block.compound === undefined;
    // A union of unions of the same kind is one longer union.
    const isSame = rel.op === 'union' && block.compound?.operator === operator && block.compound.sql === sql;
    return isPlain || isSame ? sql : rendering.layout.block(sql);
  });
  const { newline } = rendering.layout;
  return {
    ...emptyBlock,
    correlated: inputs.some((input) => input.correlated),
    compound: {
      operator,
      sql: branches.join(`${newline}${operator}${newline}`),
      columns: columns.map((column, i) => ({
        id: column.id,
        name: names[i] ?? column.name,
        shown: column.name,
      })),
    },
    columns: new Map(
      columns.map((column): [ColumnId, BoundColumn] => [column.id, simpleColumn('', column.name)]),
    ),
  };
}
