import { type DataType, type Scan, decimalType, simpleType, typeName } from '@tributary/connector-sdk';
import { cast, ref } from '../expressions.js';
import type { Named } from '../named-expr.js';

const targets: readonly DataType[] = [
  ...(
    [
      'boolean',
      'tinyint',
      'smallint',
      'integer',
      'bigint',
      'hugeint',
      'utinyint',
      'usmallint',
      'uinteger',
      'ubigint',
      'float',
      'double',
      'varchar',
      'date',
      'timestamp',
      'timestamptz',
      'time',
      'uuid',
    ] as const
  ).map(simpleType),
  decimalType(15, 2),
  decimalType(5, 1),
  decimalType(38, 6),
];

/** CAST and TRY_CAST of a value to other types. */
export function castCases(scan: Scan): readonly Named[] {
  return targets.flatMap((to) =>
    [false, true].map((isTry) => ({
      name: `${isTry ? 'TRY_CAST' : 'CAST'} to ${typeName(to)}`,
      expr: cast(ref(scan, 'a'), to, isTry),
    })),
  );
}
