import type { OptionField } from './connector.js';

/** The values of secret options: what must not appear in a message about them. */
export function secretsIn(
  options: unknown,
  fields: Readonly<Record<string, OptionField>> = {},
): readonly string[] {
  return Object.entries(fields).flatMap(([path, { secret }]) => {
    const value = secret === true ? valueAt(options, path.split('.')) : undefined;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

function valueAt(options: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return options;
  if (typeof options !== 'object' || options === null) return undefined;
  const next: unknown = Reflect.get(options, key);
  return valueAt(next, rest);
}
