import { type Column, type ColumnId, type Expr, columnRef, mapAll } from './expr.js';
import type { AggregateCall, Rel, SortKey, WindowCall } from './rel.js';

/** The columns a relation yields, in order. */
export function outputOf(rel: Rel): readonly Column[] {
  switch (rel.kind) {
    case 'scan':
    case 'values':
    case 'project':
    case 'dependent-scan':
    case 'set-operation':
    case 'cte-ref':
    case 'remote':
      return rel.columns;
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
      return outputOf(rel.input);
    case 'aggregate':
      return [...rel.groups, ...rel.aggregates, ...(rel.groupingFunctions ?? [])];
    case 'window':
      return [...outputOf(rel.input), ...rel.functions];
    case 'join':
    case 'dependent-join':
      switch (rel.type) {
        case 'semi':
        case 'anti':
          return outputOf(rel.left);
        case 'mark':
          return rel.mark === undefined ? outputOf(rel.left) : [...outputOf(rel.left), rel.mark];
        case 'inner':
        case 'left':
        case 'right':
        case 'full':
        case 'single':
          return [...outputOf(rel.left), ...outputOf(rel.right)];
      }
    // falls through: the inner switch is exhaustive and always returns
    case 'with':
      return outputOf(rel.body);
  }
}

export function outputIds(rel: Rel): Set<ColumnId> {
  return new Set(outputOf(rel).map((column) => column.id));
}

/** The direct input relations. */
export function inputsOf(rel: Rel): readonly Rel[] {
  switch (rel.kind) {
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return [];
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
      return [rel.input];
    case 'join':
    case 'dependent-join':
      return [rel.left, rel.right];
    case 'set-operation':
      return rel.inputs;
    case 'with':
      return [rel.definition, rel.body];
  }
}

/** Rebuilds a relation with each direct input replaced; the same object when nothing changed. */
export function mapInputs(rel: Rel, fn: (input: Rel) => Rel): Rel {
  switch (rel.kind) {
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
      return rel;
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit': {
      const input = fn(rel.input);
      return input === rel.input ? rel : { ...rel, input };
    }
    case 'join':
    case 'dependent-join': {
      const left = fn(rel.left);
      const right = fn(rel.right);
      return left === rel.left && right === rel.right ? rel : { ...rel, left, right };
    }
    case 'set-operation': {
      const inputs = mapAll(rel.inputs, fn);
      return inputs === rel.inputs ? rel : { ...rel, inputs };
    }
    case 'with': {
      const definition = fn(rel.definition);
      const body = fn(rel.body);
      return definition === rel.definition && body === rel.body ? rel : { ...rel, definition, body };
    }
  }
}

/** Bottom-up rewrite of a plan: inputs first, then the node itself. */
export function rewriteRel(rel: Rel, fn: (rel: Rel) => Rel): Rel {
  return fn(mapInputs(rel, (input) => rewriteRel(input, fn)));
}

/** Whether any node of the plan satisfies the test. */
export function someRel(rel: Rel, test: (rel: Rel) => boolean): boolean {
  return test(rel) || inputsOf(rel).some((input) => someRel(input, test));
}

/** Visits every node, parents before their inputs. */
export function visitRel(rel: Rel, visit: (rel: Rel) => void): void {
  visit(rel);
  for (const input of inputsOf(rel)) visitRel(input, visit);
}

/** The expressions of this node itself, not of its inputs. */
export function exprsOf(rel: Rel): readonly Expr[] {
  switch (rel.kind) {
    case 'scan':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
    case 'with':
    case 'set-operation':
      return [];
    case 'values':
      return rel.rows.flat();
    case 'filter':
      return rel.predicates;
    case 'project':
      return rel.columns.map((c) => c.expr);
    case 'aggregate':
      return [...rel.groups.map((g) => g.expr), ...rel.aggregates.flatMap((a) => aggregateExprs(a.call))];
    case 'join':
      return rel.on;
    case 'dependent-join':
      return [...rel.on, ...rel.correlated];
    case 'distinct':
      return [...(rel.on ?? []), ...(rel.orderBy ?? []).map((k) => k.expr)];
    case 'window':
      return rel.functions.flatMap((f) => windowExprs(f.call));
    case 'sort':
      return rel.keys.map((k) => k.expr);
    case 'limit':
      return [rel.limit, rel.offset].filter((e) => e !== undefined);
  }
}

/** Rebuilds a node with each of its own expressions replaced. */
export function mapExprs(rel: Rel, fn: (expr: Expr) => Expr): Rel {
  const key = (k: SortKey): SortKey => ({ ...k, expr: fn(k.expr) });
  switch (rel.kind) {
    case 'scan':
    case 'dependent-scan':
    case 'cte-ref':
    case 'remote':
    case 'with':
    case 'set-operation':
      return rel;
    case 'values':
      return { ...rel, rows: rel.rows.map((row) => row.map(fn)) };
    case 'filter':
      return { ...rel, predicates: rel.predicates.map(fn) };
    case 'project':
      return { ...rel, columns: rel.columns.map((c) => ({ ...c, expr: fn(c.expr) })) };
    case 'aggregate':
      return {
        ...rel,
        groups: rel.groups.map((g) => ({ ...g, expr: fn(g.expr) })),
        aggregates: rel.aggregates.map((a) => ({ ...a, call: mapAggregate(a.call, fn) })),
      };
    case 'join':
      return { ...rel, on: rel.on.map(fn) };
    case 'dependent-join':
      return { ...rel, on: rel.on.map(fn), correlated: rel.correlated.map(fn) };
    case 'distinct':
      return {
        ...rel,
        ...(rel.on && { on: rel.on.map(fn) }),
        ...(rel.orderBy && { orderBy: rel.orderBy.map(key) }),
      };
    case 'window':
      return { ...rel, functions: rel.functions.map((f) => ({ ...f, call: mapWindow(f.call, fn) })) };
    case 'sort':
      return { ...rel, keys: rel.keys.map(key) };
    case 'limit':
      return {
        ...rel,
        ...(rel.limit && { limit: fn(rel.limit) }),
        ...(rel.offset && { offset: fn(rel.offset) }),
      };
  }
}

/** Whether two relations yield the same columns in the same order. */
export function sameOutput(a: Rel, b: Rel): boolean {
  const left = outputOf(a);
  const right = outputOf(b);
  return left.length === right.length && left.every((column, i) => column.id === right[i]?.id);
}

/** A projection that only picks and orders columns of its input. */
export function pick(input: Rel, columns: readonly Column[]): Rel {
  const same = outputOf(input);
  if (same.length === columns.length && same.every((c, i) => c.id === columns[i]?.id)) return input;
  return { kind: 'project', input, columns: columns.map((c) => ({ ...plain(c), expr: columnRef(c) })) };
}

/** A column stripped of whatever its producer added to it. */
export function plain(column: Column): Column {
  return { id: column.id, name: column.name, type: column.type };
}

function aggregateExprs(call: AggregateCall): readonly Expr[] {
  return [
    ...call.args,
    ...(call.filter === undefined ? [] : [call.filter]),
    ...(call.orderBy ?? []).map((k) => k.expr),
  ];
}

function mapAggregate(call: AggregateCall, fn: (expr: Expr) => Expr): AggregateCall {
  return {
    ...call,
    args: call.args.map(fn),
    ...(call.filter && { filter: fn(call.filter) }),
    ...(call.orderBy && { orderBy: call.orderBy.map((k) => ({ ...k, expr: fn(k.expr) })) }),
  };
}

function windowExprs(call: WindowCall): readonly Expr[] {
  const bounds = [call.frame.start, call.frame.end];
  return [
    ...call.args,
    ...(call.filter === undefined ? [] : [call.filter]),
    ...call.partitionBy,
    ...call.orderBy.map((k) => k.expr),
    ...bounds.flatMap((b) => (b.kind === 'preceding' || b.kind === 'following' ? [b.offset] : [])),
  ];
}

function mapWindow(call: WindowCall, fn: (expr: Expr) => Expr): WindowCall {
  const bound = (b: WindowCall['frame']['start']): WindowCall['frame']['start'] =>
    b.kind === 'preceding' || b.kind === 'following' ? { ...b, offset: fn(b.offset) } : b;
  return {
    ...call,
    args: call.args.map(fn),
    ...(call.filter && { filter: fn(call.filter) }),
    partitionBy: call.partitionBy.map(fn),
    orderBy: call.orderBy.map((k) => ({ ...k, expr: fn(k.expr) })),
    frame: { ...call.frame, start: bound(call.frame.start), end: bound(call.frame.end) },
  };
}
