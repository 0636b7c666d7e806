import { TributaryError } from '@tributary/contract/errors';
import type { ExecuteContext } from '@tributary/contract/source';
import type { PlainRead, SimplePredicate } from './plain-reader.js';
import type { PlannedRead } from './plan-plain-read.js';
import type { Constant, PlannedPredicate } from './planned-predicate.js';

type Values = Pick<ExecuteContext, 'parameters' | 'keySets'>;

/**
 * The requests that a planned read comes to, now that parameters and keys are known: none where a NULL shows that no row
 * matches, several where a list is longer than the source takes. No row is in the answer of two of them.
 */
export function readsOf(planned: PlannedRead, values: Values): readonly PlainRead[] {
  const { table, columns, predicates, limit } = planned;
  const most = table.maxInValues ?? Infinity;
  let reads: readonly (readonly SimplePredicate[])[] = [[]];
  for (const predicate of predicates) {
    const parts = partsOf(predicate, most, values);
    reads = reads.flatMap((read) => parts.map((part) => [...read, ...part]));
  }
  return reads.map((some) => ({ table, columns, predicates: some, ...(limit !== undefined && { limit }) }));
}

/** One predicate as the alternatives that it is asked in; an alternative without a predicate asks for every row. */
function partsOf(
  { column, op, operands }: PlannedPredicate,
  most: number,
  values: Values,
): readonly (readonly SimplePredicate[])[] {
  const { name, type } = column;
  if (op === 'is-null' || op === 'is-not-null') return [[{ column: name, op, type }]];
  const texts = typeof operands === 'string' ? keysOf(operands, values) : textsOf(operands, values);
  if (op !== 'in') return texts.map((value) => [{ column: name, op, type, value }]);
  // Two parts of a list would both find a row that matches more than is asked for.
  if (column.filtering === 'superset' && texts.length > most) return [[]];
  return chunks(texts, most).map((some) => [{ column: name, op, type, values: some }]);
}

/** The values, each once; NULL equals nothing. */
function textsOf(operands: readonly Constant[], { parameters }: Values): readonly string[] {
  const texts = operands.map((operand) => {
    if (operand.kind === 'literal') return operand.value;
    return (parameters.get(operand.name) ?? missing(`parameter ${operand.name}`)).value;
  });
  return [...new Set(texts.filter((text) => text !== null))];
}

function keysOf(keySet: string, { keySets }: Values): readonly string[] {
  return (keySets.get(keySet) ?? missing(`key set ${keySet}`)).columns[0] ?? [];
}

function chunks(values: readonly string[], most: number): readonly (readonly string[])[] {
  const size = Math.min(most, values.length);
  const count = values.length === 0 ? 0 : Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size));
}

function missing(what: string): never {
  throw new TributaryError('ENGINE.INTERNAL', { message: `The execution context lacks ${what}.` });
}
