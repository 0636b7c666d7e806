import type { DataType } from '@tributary/connector-sdk';
import { type FunctionCase, two } from './function-case.js';
import { numberCases } from './number-cases.js';
import { textCases } from './text-cases.js';
import { timeCases } from './time-cases.js';

/** Calls of DuckDB's scalar functions with values of the type, chosen where databases are known to differ. */
export function functionCases(type: DataType): readonly FunctionCase[] {
  return [
    ...numberCases(type),
    ...(type.id === 'varchar' ? textCases : []),
    ...timeCases(type),
    ...['coalesce', 'greatest', 'least'].map((fn) => two(fn, type)),
  ];
}
