import { type DataType, typeName } from '@tributary/connector-sdk';
import { text } from './text.js';

/**
 * Text of a CSV or NDJSON file as its column's type. DuckDB's casts from text round `1.5` to 2 for an integer, cut the
 * time off a date and drop a zone: here a value that does not fit is an error that shows it, and the place first, by
 * which the engine knows whose error it is.
 */
export function checkedCast(
  value: string,
  type: DataType,
  place: { readonly path: string; readonly column: string },
): string {
  if (type.id === 'varchar') return value;
  const cast = `CAST(${value} AS ${typeName(type)})`;
  const misfit = misfitTest(value, type);
  if (misfit === undefined) return cast;
  const where = `Cannot read "${place.path}": column ${place.column} has `;
  const message = `${text(where)} || ${value} || ${text(`, which is not a ${typeName(type)}`)}`;
  return `CASE WHEN ${misfit} THEN error(${message}) ELSE ${cast} END`;
}

/** True of text that DuckDB would cast with a loss. */
function misfitTest(value: string, type: DataType): string | undefined {
  switch (type.id) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'uhugeint':
      return `contains(${value}, '.') OR contains(${value}, 'e') OR contains(${value}, 'E')`;
    case 'decimal':
      return `regexp_matches(${value}, ${text(String.raw`\.\d{${type.scale}}0*[1-9]|[eE]`)})`;
    case 'date':
      return `contains(${value}, ':')`;
    case 'timestamp':
      return `regexp_matches(${value}, ${text(String.raw`\.\d{6}0*[1-9]|:.*([zZ+]|-\d)`)})`;
    case 'timestamptz':
      return `regexp_matches(${value}, ${text(String.raw`\.\d{6}0*[1-9]`)})`;
    default:
      return undefined;
  }
}
