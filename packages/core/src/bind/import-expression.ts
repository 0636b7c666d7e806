import {
  type Column,
  type ComparisonOp,
  type Expr,
  type SortKey,
  columnRef,
  compare,
  conjunction,
  literal,
} from '@tributary/contract/plan';
import { refuseForbiddenFunction } from './forbidden-functions.js';
import { type JsonObject, Unimportable, isObject, numberAt, objectAt, objectsAt, stringAt } from './json.js';
import { importLiteral } from './import-literal.js';
import { importType } from './import-type.js';

const comparisons: Readonly<Record<string, ComparisonOp>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'is-distinct',
  COMPARE_NOT_DISTINCT_FROM: 'is-not-distinct',
};

/**
 * Functions whose bind data repeats what their name and arguments say already. Any other function with bind data
 * (a folded pattern, an erased argument) would lose it on the way, so it is not imported.
 */
const bindDataIsDerived: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  'round',
  'floor',
  'ceil',
  'ceiling',
  'trunc',
  'sign',
  'abs',
  'concat',
  '||',
  'list_value',
  'struct_pack',
  'row',
  'date_part',
  'date_trunc',
]);

export function comparisonOp(name: string): ComparisonOp {
  const op = comparisons[name];
  if (op === undefined) throw new Unimportable(`comparison ${name}`);
  return op;
}

/** A bound expression over `input`'s columns (references are positions in it). */
export function importExpression(node: JsonObject, input: readonly Column[]): Expr {
  const recur = (child: JsonObject): Expr => importExpression(child, input);
  const kind = stringAt(node, 'expression_class');
  switch (kind) {
    case 'BOUND_REF': {
      const column = input[numberAt(node, 'index')];
      if (column === undefined) throw new Unimportable('a reference past the end of its input');
      return columnRef(column);
    }
    case 'BOUND_CONSTANT':
      return importLiteral(objectAt(node, 'value'));
    case 'BOUND_PARAMETER':
      return {
        kind: 'parameter',
        name: stringAt(node, 'identifier'),
        type: importType(objectAt(node, 'return_type')),
      };
    case 'BOUND_CAST': {
      const arg = recur(objectAt(node, 'child'));
      const type = importType(objectAt(node, 'return_type'));
      // A row value, `(a, 1)`, is a STRUCT without names, for which SQL has no type to write.
      if (type.id === 'struct' && type.fields.some(({ name }) => name === '')) {
        throw new Unimportable('a cast to a row value');
      }
      if (arg.kind === 'literal' && arg.value === null) return literal(type, null);
      return { kind: 'cast', arg, type, try: node['try_cast'] === true };
    }
    case 'BOUND_COMPARISON':
      return compare(
        comparisonOp(stringAt(node, 'type')),
        recur(objectAt(node, 'left')),
        recur(objectAt(node, 'right')),
      );
    case 'BOUND_CONJUNCTION': {
      const args = objectsAt(node, 'children').map(recur);
      return stringAt(node, 'type') === 'CONJUNCTION_AND' ? conjunction(args) : { kind: 'or', args };
    }
    case 'BOUND_BETWEEN': {
      const arg = recur(objectAt(node, 'input'));
      return conjunction([
        compare(node['lower_inclusive'] === true ? '>=' : '>', arg, recur(objectAt(node, 'lower'))),
        compare(node['upper_inclusive'] === true ? '<=' : '<', arg, recur(objectAt(node, 'upper'))),
      ]);
    }
    case 'BOUND_OPERATOR':
      return importOperator(node, recur);
    case 'BOUND_CASE':
      return {
        kind: 'case',
        branches: objectsAt(node, 'case_checks').map((check) => ({
          when: recur(objectAt(check, 'when_expr')),
          then: recur(objectAt(check, 'then_expr')),
        })),
        otherwise: recur(objectAt(node, 'else_expr')),
        type: importType(objectAt(node, 'return_type')),
      };
    case 'BOUND_FUNCTION': {
      const fn = functionName(node);
      return {
        kind: 'call',
        fn,
        args: objectsAt(node, 'children').map(recur),
        type: importType(objectAt(node, 'return_type')),
      };
    }
    default:
      throw new Unimportable(`expression ${kind}`);
  }
}

/** The function's name, when name and arguments are all there is to it. */
export function functionName(node: JsonObject): string {
  const name = stringAt(node, 'name');
  refuseForbiddenFunction(name);
  if (hasBindData(node) && !bindDataIsDerived.has(name)) {
    throw new Unimportable(`function ${name} with bound state`);
  }
  return name;
}

function hasBindData(node: JsonObject): boolean {
  const data = node['function_data'];
  return isObject(data) && Object.keys(data).length > 0;
}

function importOperator(node: JsonObject, recur: (child: JsonObject) => Expr): Expr {
  const args = objectsAt(node, 'children').map(recur);
  const [first, ...rest] = args;
  if (first === undefined) throw new Unimportable('an operator without operands');
  const type = stringAt(node, 'type');
  switch (type) {
    case 'OPERATOR_NOT':
      return { kind: 'not', arg: first };
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { kind: 'is-null', arg: first, negated: type === 'OPERATOR_IS_NOT_NULL' };
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return { kind: 'in', arg: first, list: rest, negated: type === 'COMPARE_NOT_IN' };
    case 'OPERATOR_COALESCE':
      return { kind: 'call', fn: 'coalesce', args, type: importType(objectAt(node, 'return_type')) };
    default:
      throw new Unimportable(`operator ${type}`);
  }
}

/** The keys of an ORDER BY over `input`'s columns. */
export function importSortKeys(
  orders: readonly JsonObject[],
  columns: readonly Column[],
): readonly SortKey[] {
  return orders.map((order) => ({
    expr: importExpression(objectAt(order, 'expression'), columns),
    descending: stringAt(order, 'type') === 'DESCENDING',
    nullsFirst: stringAt(order, 'null_order') === 'NULLS FIRST',
  }));
}
