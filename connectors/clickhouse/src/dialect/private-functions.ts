import type { DataType, FunctionRule, RuleTable } from '@tributary/connector-sdk';
import { clickhouseTypeName } from '../types/type-name.js';
import type { ReadFormName } from '../types/column-type.js';
import { clickhouseFunctions } from './functions.js';
import { rule } from '@tributary/connector-sdk/sql';

/** Names of functions that only this connector's own planning puts into a plan; no statement of a user can name them. */
export function readFunction(form: Exclude<ReadFormName, 'plain'>): string {
  return `clickhouse:${form}`;
}

/** Converts a value to the type in which it leaves the server. */
export const wireFunction = 'clickhouse:wire';

const rules: ReadonlyMap<string, readonly FunctionRule[]> = new Map([
  [readFunction('text'), [rule(['any'], ([a]) => `toString(${a})`)]],
  [readFunction('cut-text'), [rule(['any'], ([a]) => `toString(${a})`)]],
  [readFunction('utc-text'), [rule(['any'], ([a]) => `toString(toTimeZone(${a}, 'UTC'))`)]],
  [readFunction('json'), [rule(['any'], ([a]) => `toJSONString(${a})`)]],
  [readFunction('cast'), [rule(['any'], ([a], { result }) => castTo(a, clickhouseTypeName(result)))]],
  [wireFunction, [rule(['any'], ([a], { result }) => toWire(a, result))]],
]);

function castTo(sql: string, name: string | undefined): string | undefined {
  return name && `CAST(${sql} AS ${name})`;
}

/** Parquet and Arrow have no 128-bit integers. A decimal of as many bits is read for one, whatever its digits. */
function toWire(sql: string, type: DataType): string | undefined {
  return type.id === 'hugeint'
    ? `reinterpret(CAST(${sql} AS Int128), 'Decimal(38, 0)')`
    : castTo(sql, clickhouseTypeName(type));
}

/** The dialect's functions with the private ones. */
export const allFunctions: RuleTable<FunctionRule> = {
  get: (name) => rules.get(name) ?? clickhouseFunctions.get(name),
};

/** Whether an expression of the type can have another type in ClickHouse than the one that leaves the server. */
export function isWidened(type: DataType): boolean {
  switch (type.id) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'float':
    case 'double':
    case 'decimal':
    case 'timestamptz':
      return true;
    default:
      return false;
  }
}
