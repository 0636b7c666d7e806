import {
  type ColumnId,
  type ColumnRef,
  type Expr,
  type KeySetId,
  type Literal,
  type Parameter,
  flip,
  isFloat,
  literal,
  sameType,
  simpleType,
} from '@tributary/contract/plan';
import type { PlainColumn, SimpleOperator } from './plain-reader.js';

/** A constant of a statement; a parameter's value comes with the execution. */
export type Constant = Literal | Parameter;

/** A conjunct in the shape of a `SimplePredicate`, its values still to come. */
export interface PlannedPredicate {
  readonly column: PlainColumn;
  readonly op: SimpleOperator;
  /** None for the tests of NULL, one for a comparison, any number for `in`. */
  readonly operands: readonly Constant[] | KeySetId;
}

interface Simple {
  readonly column: ColumnRef;
  readonly op: SimpleOperator;
  readonly operands: readonly Constant[] | KeySetId;
}

/** The conjunct as a predicate of one of these columns, whether or not the column takes it; undefined where it is none. */
export function plannedPredicate(
  conjunct: Expr,
  columnOf: (id: ColumnId) => PlainColumn | undefined,
): PlannedPredicate | undefined {
  const simple = simplePredicate(conjunct);
  const column = simple && columnOf(simple.column.id);
  if (simple === undefined || column === undefined) return undefined;
  const { op, operands } = simple;
  const isKeySet = typeof operands === 'string';
  if (isKeySet ? isFloat(column.type) : !operands.every((each) => isComparable(each, column)))
    return undefined;
  return { column, op, operands };
}

function simplePredicate(expr: Expr): Simple | undefined {
  switch (expr.kind) {
    case 'column':
      return isTruth(expr) ? { column: expr, op: '=', operands: [truth('true')] } : undefined;
    case 'not':
      return expr.arg.kind === 'column' && isTruth(expr.arg)
        ? { column: expr.arg, op: '=', operands: [truth('false')] }
        : undefined;
    case 'compare': {
      const { op, left, right } = expr;
      if (op === 'is-distinct' || op === 'is-not-distinct') return undefined;
      if (left.kind === 'column' && isConstant(right)) return { column: left, op, operands: [right] };
      if (right.kind !== 'column' || !isConstant(left)) return undefined;
      return simplePredicate({ ...expr, op: flip(op), left: right, right: left });
    }
    case 'in':
      return expr.arg.kind === 'column' && !expr.negated && expr.list.every(isConstant)
        ? { column: expr.arg, op: 'in', operands: expr.list }
        : undefined;
    case 'is-null':
      return expr.arg.kind === 'column'
        ? { column: expr.arg, op: expr.negated ? 'is-not-null' : 'is-null', operands: [] }
        : undefined;
    case 'in-key-set': {
      const [arg] = expr.args;
      return arg?.kind === 'column' && expr.args.length === 1
        ? { column: arg, op: 'in', operands: expr.keySet }
        : undefined;
    }
    case 'literal':
    case 'parameter':
    case 'call':
    case 'and':
    case 'or':
    case 'case':
    case 'cast':
      return undefined;
  }
}

/**
 * NaN is an ordinary, largest value to the engine and hardly to anybody else. A parameter or a key may turn out to be one, so that
 * floats are compared with nothing but constants.
 */
function isComparable(constant: Constant, column: PlainColumn): boolean {
  if (!sameType(constant.type, column.type)) return false;
  if (!isFloat(column.type)) return true;
  return constant.kind === 'literal' && !/nan/i.test(constant.value ?? '');
}

function isConstant(expr: Expr): expr is Constant {
  return expr.kind === 'literal' || expr.kind === 'parameter';
}

function isTruth(column: ColumnRef): boolean {
  return column.type.id === 'boolean';
}

function truth(value: 'true' | 'false'): Literal {
  return literal(simpleType('boolean'), value);
}
