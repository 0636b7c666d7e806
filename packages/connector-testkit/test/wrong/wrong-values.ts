import type { DataType } from '@tributary/connector-sdk';
import type { Value } from '@tributary/connector-sdk/results';
import { createReferenceSql, sqlSubject } from '../reference/sql-subject.js';
import type { WrongConnector } from './wrong-connector.js';

function values(
  mistake: string,
  check: string,
  says: RegExp,
  spoil: (value: NonNullable<Value>, type: DataType) => Value,
): WrongConnector {
  return {
    mistake,
    check,
    says,
    subject: ({ sql }) =>
      sqlSubject(sql, (sourceId) =>
        createReferenceSql(sql, sourceId, {
          spoil: (value, type) => (value === null || value === undefined ? null : spoil(value, type)),
        }),
      ),
  };
}

/** Drivers that change a value on its way. */
export const wrongValues: readonly WrongConnector[] = [
  values('rounds decimals', 'types.decimal', /auto differs\nSELECT id, "d"/, (value, { id }) =>
    id === 'decimal' ? String(Math.trunc(Number(value))) : value,
  ),
  values(
    'reads 64-bit integers as doubles',
    'types.bigint',
    /9007199254740992[^]*9007199254740993/,
    (value, { id }) => (id === 'bigint' ? BigInt.asIntN(64, BigInt(Number(value))) : value),
  ),
  values('trims padded text', 'types.varchar', /'trail'[^]*'trail '/, (value, { id }) =>
    id === 'varchar' ? String(value).trimEnd() : value,
  ),
  values('takes empty text for NULL', 'types.varchar', /NULL[^]*''/, (value) =>
    value === '' ? null : value,
  ),
  values('reads instants in the zone of its own', 'types.timestamptz', /timestamptz/, (value, { id }) =>
    id === 'timestamptz' ? String(value).replace(/\+00$/, '+02') : value,
  ),
  values('composes accents', 'types.varchar', /auto differs/, (value, { id }) =>
    id === 'varchar' ? String(value).normalize('NFC') : value,
  ),
  values('makes NaN NULL', 'types.double', /NaN/, (value) => (Number.isNaN(value) ? null : value)),
];
