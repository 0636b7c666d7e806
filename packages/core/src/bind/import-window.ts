import {
  type Column,
  type Expr,
  type FrameBound,
  type SortKey,
  type WindowCall,
  type WindowFrame,
  literal,
  sameExpr,
} from '@tributary/contract/plan';
import { functionName, importExpression, importSortKeys } from './import-expression.js';
import { importType } from './import-type.js';
import { type JsonObject, Unimportable, arrayAt, isObject, objectAt, objectsAt, stringAt } from './json.js';

const windowFunctions: Readonly<Record<string, string>> = {
  WINDOW_ROW_NUMBER: 'row_number',
  WINDOW_RANK: 'rank',
  WINDOW_RANK_DENSE: 'dense_rank',
  WINDOW_PERCENT_RANK: 'percent_rank',
  WINDOW_CUME_DIST: 'cume_dist',
  WINDOW_NTILE: 'ntile',
  WINDOW_LAG: 'lag',
  WINDOW_LEAD: 'lead',
  WINDOW_FIRST_VALUE: 'first_value',
  WINDOW_LAST_VALUE: 'last_value',
  WINDOW_NTH_VALUE: 'nth_value',
};

/** A bound window function over `input`'s columns. */
export function importWindowCall(node: JsonObject, columns: readonly Column[]): WindowCall {
  const kind = stringAt(node, 'type');
  const fn = kind === 'WINDOW_AGGREGATE' ? functionName(node) : windowFunctions[kind];
  if (fn === undefined) throw new Unimportable(`window function ${kind}`);
  if (arrayAt(node, 'arg_orders').length > 0) throw new Unimportable('an ordered window argument');
  const optional = (key: string): Expr | undefined => {
    const expr = node[key];
    return isObject(expr) ? importExpression(expr, columns) : undefined;
  };
  const filter = optional('filters');
  const tail = [optional('offset_expr'), optional('default_expr')];
  if (tail[0] === undefined && tail[1] !== undefined) tail[0] = literal({ id: 'bigint' }, '1');
  const start = stringAt(node, 'start');
  const end = stringAt(node, 'end');
  const unit = frameUnit(start, end);
  const orderBy = importSortKeys(objectsAt(node, 'orders'), columns);
  const offset = (key: string): Expr | undefined => {
    const expr = optional(key);
    return unit === 'range' && expr !== undefined ? rangeOffset(expr, orderBy) : expr;
  };
  return {
    fn,
    args: [
      ...objectsAt(node, 'children').map((e) => importExpression(e, columns)),
      ...tail.filter((e) => e !== undefined),
    ],
    distinct: node['distinct'] === true,
    ignoreNulls: node['ignore_nulls'] === true,
    ...(filter && { filter }),
    partitionBy: objectsAt(node, 'partitions').map((e) => importExpression(e, columns)),
    orderBy,
    frame: {
      unit,
      start: frameBound(start, offset('start_expr')),
      end: frameBound(end, offset('end_expr')),
      exclude: frameExclusions[stringAt(node, 'exclude_clause')] ?? unknownExclusion(node),
    },
    type: importType(objectAt(node, 'return_type')),
  };
}

/** The binder adds a RANGE frame's offset to the sort key, or takes it off; the frame has to say the offset alone again. */
function rangeOffset(bound: Expr, orderBy: readonly SortKey[]): Expr {
  const [key] = orderBy;
  if (bound.kind === 'call' && (bound.fn === '+' || bound.fn === '-') && key !== undefined) {
    const [base, offset] = bound.args;
    const sorted = key.expr.kind === 'cast' && base?.kind !== 'cast' ? key.expr.arg : key.expr;
    if (base !== undefined && offset !== undefined && sameExpr(base, sorted)) return offset;
  }
  throw new Unimportable('a RANGE frame with a computed offset');
}

function frameUnit(start: string, end: string): WindowFrame['unit'] {
  const name = `${start} ${end}`;
  if (name.includes('GROUPS')) return 'groups';
  return name.includes('ROWS') ? 'rows' : 'range';
}

function frameBound(name: string, offset: Expr | undefined): FrameBound {
  if (name === 'UNBOUNDED_PRECEDING') return { kind: 'unbounded-preceding' };
  if (name === 'UNBOUNDED_FOLLOWING') return { kind: 'unbounded-following' };
  if (name.startsWith('CURRENT_ROW')) return { kind: 'current-row' };
  if (offset === undefined) throw new Unimportable(`frame bound ${name}`);
  return { kind: name.includes('PRECEDING') ? 'preceding' : 'following', offset };
}

const frameExclusions: Readonly<Record<string, WindowFrame['exclude']>> = {
  NO_OTHER: 'no-others',
  CURRENT_ROW: 'current-row',
  GROUP: 'group',
  TIES: 'ties',
};

function unknownExclusion(node: JsonObject): never {
  throw new Unimportable(`frame exclusion ${stringAt(node, 'exclude_clause')}`);
}
