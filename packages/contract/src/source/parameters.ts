import type { DataType } from '../plan/index.js';

/** A parameter's value with its type; `value` in literal text form (see `Literal`). */
export interface ParameterValue {
  readonly type: DataType;
  readonly value: string | null;
}

/** By parameter name: `'1'` for `$1`. */
export type ParameterValues = ReadonlyMap<string, ParameterValue>;
