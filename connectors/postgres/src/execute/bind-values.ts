import { TributaryError } from '@tributary/contract/errors';
import type { Binding } from '@tributary/contract/render';
import type { KeySetValues, ParameterValues } from '@tributary/contract/source';
import type { KeySetId } from '@tributary/contract/plan';
import { formatArrayText } from '../types/array-text.js';
import { toPostgresText } from '../types/value-text.js';

/** The values of a statement's placeholders, in PostgreSQL's text form. */
export function bindValues(
  bindings: readonly Binding[],
  parameters: ParameterValues,
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
): readonly (string | null)[] {
  const rows = new Map<KeySetId, readonly number[]>();
  return bindings.map((binding) => {
    if (binding.kind === 'parameter') return parameterText(binding.name, parameters);
    const keys = keySets.get(binding.keySet);
    if (keys === undefined) throw missing(`key set ${binding.keySet}`);
    const representable = rows.get(binding.keySet) ?? representableRows(keys, bindings);
    rows.set(binding.keySet, representable);
    const column = keys.columns[binding.column] ?? [];
    return formatArrayText(
      representable.map((row) => toPostgresText(binding.type, column[row] ?? '') ?? null),
    );
  });
}

/** A key that PostgreSQL has no value for matches no row there, so it need not be asked for. */
function representableRows(keys: KeySetValues, bindings: readonly Binding[]): readonly number[] {
  const columns = bindings.flatMap((binding) =>
    binding.kind === 'key-set' && binding.keySet === keys.id
      ? [{ type: binding.type, values: keys.columns[binding.column] ?? [] }]
      : [],
  );
  return Array.from({ length: keys.count }, (_, row) => row).filter((row) =>
    columns.every(({ type, values }) => toPostgresText(type, values[row] ?? '') !== undefined),
  );
}

function parameterText(name: string, parameters: ParameterValues): string | null {
  const parameter = parameters.get(name);
  if (parameter === undefined) throw missing(`parameter ${name}`);
  if (parameter.value === null) return null;
  const text = toPostgresText(parameter.type, parameter.value);
  if (text === undefined) {
    throw new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
      message: `PostgreSQL has no value for parameter $${name} of type ${parameter.type.id}.`,
      fix: "Give another value, or run the query with pushdown: 'off'.",
    });
  }
  return text;
}

function missing(what: string): TributaryError {
  return new TributaryError('ENGINE.INTERNAL', { message: `The execution context lacks ${what}.` });
}
