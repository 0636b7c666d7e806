import {
  type ColumnId,
  type Expr,
  type Rel,
  type SetOperation,
  columnsOf,
  exprsOf,
  outputIds,
} from '../plan/index.js';

type Ids = ReadonlySet<ColumnId>;

/** Which columns of a node something above it reads: the rest need not be written. (May name columns of other nodes too.) */
export interface RequiredColumns {
  readonly of: (rel: Rel) => Ids;
}

export function requiredColumns(root: Rel): RequiredColumns {
  return new Requirements(root);
}

class Requirements implements RequiredColumns {
  readonly #byRel = new Map<Rel, Set<ColumnId>>();
  readonly #byCte = new Map<number, Set<ColumnId>>();

  constructor(root: Rel) {
    const stack: Rel[] = [];
    const need = (rel: Rel, ids: Iterable<ColumnId>): void => {
      const known = this.#byRel.get(rel);
      if (known === undefined) this.#byRel.set(rel, new Set(ids));
      else for (const id of ids) known.add(id);
      stack.push(rel);
    };
    need(root, outputIds(root));
    for (let rel = stack.pop(); rel !== undefined; rel = stack.pop()) this.#visit(rel, need);
  }

  of(rel: Rel): Ids {
    return this.#byRel.get(rel) ?? new Set();
  }

  #visit(rel: Rel, need: (rel: Rel, ids: Iterable<ColumnId>) => void): void {
    const wanted = this.of(rel);
    switch (rel.kind) {
      case 'scan':
      case 'values':
      case 'dependent-scan':
      case 'remote':
        return;
      case 'cte-ref': {
        const ids = this.#ofCte(rel.cte);
        rel.columns.forEach((column, i) => {
          const feed = rel.feeds[i];
          if (feed !== undefined && wanted.has(column.id)) ids.add(feed);
        });
        return;
      }
      case 'project':
        need(
          rel.input,
          read(rel.columns.filter((column) => wanted.has(column.id)).map((column) => column.expr)),
        );
        return;
      case 'aggregate': {
        const aggregates = rel.aggregates.filter((aggregate) => wanted.has(aggregate.id));
        need(rel.input, read(exprsOf({ ...rel, aggregates })));
        return;
      }
      case 'window': {
        const functions = rel.functions.filter((fn) => wanted.has(fn.id));
        need(rel.input, read(exprsOf({ ...rel, functions }), wanted));
        return;
      }
      case 'distinct':
        need(rel.input, rel.on === undefined ? outputIds(rel.input) : read(exprsOf(rel), wanted));
        return;
      case 'filter':
      case 'sort':
      case 'limit':
        need(rel.input, read(exprsOf(rel), wanted));
        return;
      case 'join':
      case 'dependent-join': {
        const ids = read(exprsOf(rel), wanted);
        need(rel.left, ids);
        need(rel.right, ids);
        return;
      }
      case 'set-operation':
        rel.inputs.forEach((input, i) => {
          const feeds = rel.feeds[i] ?? [];
          need(input, rel.op === 'union' && rel.all ? wantedFeeds(rel, feeds, wanted) : feeds);
        });
        return;
      case 'with':
        // The body comes off the stack first, so that its references are counted before the definition is visited.
        this.#byRel.set(rel.definition, this.#ofCte(rel.id));
        need(rel.definition, []);
        need(rel.body, wanted);
        return;
    }
  }

  #ofCte(id: number): Set<ColumnId> {
    const known = this.#byCte.get(id);
    if (known !== undefined) return known;
    const ids = new Set<ColumnId>();
    this.#byCte.set(id, ids);
    return ids;
  }
}

function read(exprs: readonly Expr[], also: Iterable<ColumnId> = []): Set<ColumnId> {
  const ids = new Set(also);
  for (const expr of exprs) columnsOf(expr, ids);
  return ids;
}

/** Of the columns that feed a UNION ALL, those whose outputs are read. */
export function wantedFeeds(rel: SetOperation, feeds: readonly ColumnId[], wanted: Ids): readonly ColumnId[] {
  return feeds.filter((_, i) => rel.columns.slice(i, i + 1).some((column) => wanted.has(column.id)));
}
