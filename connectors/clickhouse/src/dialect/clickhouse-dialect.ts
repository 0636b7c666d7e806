import type { DataType, Expr, SqlDialect, WindowCall } from '@tributary/connector-sdk';
import { clickhouseTypeName, isNested } from '../types/type-name.js';
import { clickhouseAggregates } from './aggregates.js';
import { clickhouseCast } from './cast.js';
import { clickhouseComparison, clickhouseSortKey, isComparable } from './comparison.js';
import { allFunctions } from './private-functions.js';
import { clickhouseComparand, clickhouseLiteral, dateOfDays, instantOfMicros } from './literal.js';
import { quoteIdentifier } from './quote.js';
import { clickhouseWindowFunctions } from './window-functions.js';

/** ClickHouse 25.8 and newer, under the settings of execute/settings.ts. */
export const clickhouseDialect: SqlDialect = {
  name: 'clickhouse',
  quoteIdentifier,
  literal: clickhouseLiteral,
  comparand: clickhouseComparand,
  typeName: (type) => (type.id === 'null' ? 'Nullable(Nothing)' : clickhouseTypeName(type)),
  placeholder,
  cast: clickhouseCast,
  comparison: clickhouseComparison,
  functions: allFunctions,
  aggregates: clickhouseAggregates,
  windowFunctions: clickhouseWindowFunctions,
  groupable: isComparable,
  sortKey: clickhouseSortKey,
  limit: (limit, offset) =>
    [limit && `LIMIT ${limit}`, offset && `OFFSET ${offset}`]
      .filter((clause) => clause !== undefined)
      .join(' '),
  keySet: ([arg = ''], [placeholder = '']) => `${arg} IN ${placeholder}`,
  keySetPlaceholder: (position, type) => {
    const name = isComparable(type) ? parameterType(type) : undefined;
    return name && `{p${position}:Array(${name})}`;
  },
  nativeSemiJoin: 'left',
  fullJoinNeedsEquality: true,
  joinsNeedEquality: true,
  columnsNeedAs: true,
  nestedJoins: false,
  correlatedSubqueries: false,
  lateral: false,
  windowCall: hasWindow,
  plainInList: isPlainList,
};

/** Values travel as text of their type, points in time as numbers: those may lie beyond what ClickHouse reads. */
function placeholder(position: number, type: DataType): string | undefined {
  if (type.id === 'date') return dateOfDays(`{p${position}:Nullable(Int32)}`);
  if (type.id === 'timestamptz') return instantOfMicros(`{p${position}:Nullable(Int64)}`);
  const name = parameterType(type);
  return name && `{p${position}:Nullable(${name})}`;
}

function parameterType(type: DataType): string | undefined {
  return isNested(type) || type.id === 'json' || type.id === 'blob' ? undefined : clickhouseTypeName(type);
}

/** ClickHouse's IN is false where a NULL in its list makes it unknown. */
function isPlainList(list: readonly Expr[]): boolean {
  return list.every((item) => item.kind === 'literal' && item.value !== null);
}

function hasWindow({ frame, ignoreNulls }: WindowCall): boolean {
  const isMeasured = 'offset' in frame.start || 'offset' in frame.end;
  return (
    !ignoreNulls &&
    frame.exclude === 'no-others' &&
    (frame.unit === 'rows' || (frame.unit === 'range' && !isMeasured))
  );
}
