import { type CteRef, type Remote, type Scan, type Values, typeName } from '../plan/index.js';
import { type Block, type BoundColumn, emptyBlock, withColumns } from './block.js';
import { renderText } from './expression.js';
import { bind } from './inlining.js';
import { uniqueNames } from './names.js';
import { refuse } from './refusal.js';
import type { Rendering } from './rendering.js';
import { selectText } from './select-text.js';
import { level } from './text.js';

export function scanBlock(rel: Scan, rendering: Rendering): Block {
  const relation =
    rendering.options.tableName?.(rel) ?? rel.table.map((part) => rendering.quote(part)).join('.');
  const alias = rendering.aliases.forTable(rel.table.at(-1) ?? '');
  const names = rel.columns.map((column) => column.name);
  return rendering.named(`${relation} AS ${alias}`, alias, rel.columns, names);
}

export function remoteBlock(rel: Remote, rendering: Rendering): Block {
  const relation = rendering.options.remoteTable?.(rel.fragment) ?? rendering.quote(rel.fragment);
  return rendering.aliased(relation, rendering.aliases.forTable(rel.fragment), rel.columns);
}

export function valuesBlock(rel: Values, rendering: Rendering): Block {
  const [first, ...others] = rel.rows;
  if (first === undefined) return noRows(rel, rendering);
  const scope = rendering.scope(new Map());
  if (others.length === 0) {
    return withColumns(
      emptyBlock,
      rel.columns.flatMap((column, i) =>
        first.slice(i, i + 1).map((expr) => [column.id, bind(expr, column.name, emptyBlock, scope)] as const),
      ),
    );
  }
  if (rendering.dialect.literalRows === 'union-all') return unionOfRows(rel, rendering);
  const rows = rel.rows.map(
    (row) => `(${row.length === 0 ? '1' : row.map((e) => renderText(e, scope)).join(', ')})`,
  );
  const alias = rendering.aliases.unique('v');
  return rendering.aliased(`(VALUES ${rows.join(', ')})`, alias, rel.columns);
}

/** For databases that give VALUES no column names: the first SELECT names them. */
function unionOfRows(rel: Values, rendering: Rendering): Block {
  const scope = rendering.scope(new Map());
  const names = uniqueNames(rel.columns.map((column) => column.name));
  const selects = rel.rows.map((row, r) => {
    const items = row.map((expr, i) => {
      const name = r === 0 ? ` AS ${rendering.quote(names[i] ?? `c${i}`)}` : '';
      return `${renderText(expr, scope)}${name}`;
    });
    return `SELECT ${items.length === 0 ? '1' : items.join(', ')}`;
  });
  const alias = rendering.aliases.unique('v');
  return rendering.named(`(${selects.join(' UNION ALL ')}) AS ${alias}`, alias, rel.columns, names);
}

/** The empty relation: typed NULLs of which no row passes. */
function noRows(rel: Values, rendering: Rendering): Block {
  const nothing = rel.columns.map((column): [number, BoundColumn] => {
    const sql =
      rendering.dialect.literal({ kind: 'literal', type: column.type, value: null }) ??
      refuse('TYPE_NOT_IN_DIALECT', `no type for ${typeName(column.type)}`);
    return [column.id, { sql, level: level.atom, name: column.name, simple: false, constant: true }];
  });
  return withColumns({ ...emptyBlock, where: ['1 = 0'] }, nothing);
}

/** How a CTE is called, and its columns. */
export interface CteShape {
  readonly name: string;
  readonly columns: ReadonlyMap<number, string>;
}

/** Writes a CTE's definition ahead of the statement. */
export function defineCte(
  name: string,
  block: Block,
  rendering: Rendering,
  wanted: ReadonlySet<number>,
): CteShape {
  const kept = [...block.columns].filter(([id]) => wanted.has(id));
  const names = uniqueNames(kept.map(([, column]) => column.name));
  const items = kept.map(([id, column], i) => ({ id, column, name: names[i] ?? column.name }));
  const alias = rendering.aliases.unique(`cte_${name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_')}`);
  rendering.ctes.push({ name: alias, sql: selectText(block, items, rendering) });
  return { name: alias, columns: new Map(items.map((item) => [item.id, item.name])) };
}

export function cteRefBlock(rel: CteRef, cte: CteShape, rendering: Rendering): Block {
  const alias = rendering.aliases.forTable(cte.name.replace(/^cte_/, ''));
  const kept = rel.columns.flatMap((column, i) => {
    const feed = rel.feeds[i];
    const name = feed === undefined ? undefined : cte.columns.get(feed);
    return name === undefined ? [] : [{ column, name }];
  });
  return rendering.named(
    `${cte.name} AS ${alias}`,
    alias,
    kept.map((k) => k.column),
    kept.map((k) => k.name),
  );
}
