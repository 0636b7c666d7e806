import { type Expr, type Rel, inputsOf, outputOf } from '@tributary/contract';

/** A plan as indented text, for tests to read. */
export function showRel(rel: Rel, depth = 0): string {
  const names = new Map<number, string>();
  const walk = (r: Rel): void => {
    inputsOf(r).forEach(walk);
    for (const c of outputOf(r)) if (!names.has(c.id)) names.set(c.id, c.name);
    if (r.kind === 'scan') for (const c of r.columns) names.set(c.id, c.name);
  };
  walk(rel);
  const lines = (r: Rel, at: number): readonly string[] => [
    `${'  '.repeat(at)}${head(r, (e) => showExpr(e, names))}`,
    ...inputsOf(r).flatMap((input) => lines(input, at + 1)),
  ];
  return lines(rel, depth).join('\n');
}

function head(rel: Rel, show: (expr: Expr) => string): string {
  const all = (exprs: readonly Expr[]): string => exprs.map(show).join(', ');
  switch (rel.kind) {
    case 'scan':
      return `scan ${rel.source}.${rel.table.join('.')} [${rel.columns.map((c) => c.name).join(' ')}]`;
    case 'values':
      return `values ${rel.rows.length}`;
    case 'filter':
      return `filter ${all(rel.predicates)}`;
    case 'project':
      return `project ${all(rel.columns.map((c) => c.expr))}`;
    case 'aggregate': {
      const calls = rel.aggregates.map(
        (a) => `${a.call.fn}(${a.call.distinct ? 'distinct ' : ''}${all(a.call.args)})`,
      );
      return `aggregate [${all(rel.groups.map((g) => g.expr))}] ${calls.join(', ')}`;
    }
    case 'join':
      return `${rel.type} join ${all(rel.on)}`;
    case 'dependent-join':
      return `dependent ${rel.type} join ${all(rel.on)}`;
    case 'dependent-scan':
      return 'dependent scan';
    case 'set-operation':
      return `${rel.op}${rel.all ? ' all' : ''}`;
    case 'distinct':
      return rel.on === undefined ? 'distinct' : `distinct on ${all(rel.on)}`;
    case 'window':
      return `window ${rel.functions.map((f) => f.call.fn).join(', ')}`;
    case 'sort':
      return `sort ${rel.keys.map((k) => `${show(k.expr)}${k.descending ? ' desc' : ''}`).join(', ')}`;
    case 'limit':
      return `limit ${rel.limit === undefined ? 'all' : show(rel.limit)}${rel.offset === undefined ? '' : ` offset ${show(rel.offset)}`}`;
    case 'with':
      return `with ${rel.name}`;
    case 'cte-ref':
      return `cte ${rel.cte}`;
    case 'remote':
      return `remote ${rel.fragment}`;
  }
}

export function showExpr(expr: Expr, names: ReadonlyMap<number, string>): string {
  const show = (e: Expr): string => showExpr(e, names);
  switch (expr.kind) {
    case 'column':
      return names.get(expr.id) ?? `#${expr.id}`;
    case 'literal':
      return expr.value === null ? 'NULL' : expr.value;
    case 'parameter':
      return `$${expr.name}`;
    case 'call':
      return `${expr.fn}(${expr.args.map(show).join(', ')})`;
    case 'compare':
      return `${show(expr.left)} ${expr.op} ${show(expr.right)}`;
    case 'and':
    case 'or':
      return `(${expr.args.map(show).join(` ${expr.kind} `)})`;
    case 'not':
      return `not ${show(expr.arg)}`;
    case 'is-null':
      return `${show(expr.arg)} is ${expr.negated ? 'not ' : ''}null`;
    case 'in':
      return `${show(expr.arg)} ${expr.negated ? 'not ' : ''}in (${expr.list.map(show).join(', ')})`;
    case 'in-key-set':
      return `(${expr.args.map(show).join(', ')}) in ${expr.keySet}`;
    case 'case':
      return `case ${expr.branches.map((b) => `${show(b.when)}: ${show(b.then)}`).join('; ')}; else ${show(expr.otherwise)}`;
    case 'cast':
      return `${show(expr.arg)}::${expr.type.id}`;
  }
}
