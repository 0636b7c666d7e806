import { TributaryError } from '@tributary/contract/errors';
import type { Binding } from '@tributary/contract/render';
import type { ExecuteContext } from '@tributary/contract/source';
import type { StatementValue } from './sql-driver.js';

/** What stands for a statement's placeholders in this execution. */
export function statementValues(
  bindings: readonly Binding[],
  { parameters, keySets }: Pick<ExecuteContext, 'parameters' | 'keySets'>,
): readonly StatementValue[] {
  return bindings.map((binding): StatementValue => {
    switch (binding.kind) {
      case 'parameter': {
        const { type, value } = parameters.get(binding.name) ?? missing(`parameter ${binding.name}`);
        return { kind: 'parameter', type, value };
      }
      case 'key-set': {
        const keys = keySets.get(binding.keySet) ?? missing(`key set ${binding.keySet}`);
        return { kind: 'keys', type: binding.type, values: keys.columns[binding.column] ?? [] };
      }
    }
  });
}

function missing(what: string): never {
  throw new TributaryError('ENGINE.INTERNAL', { message: `The execution context lacks ${what}.` });
}
