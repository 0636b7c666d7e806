import type { ClickHouseSettings } from '@clickhouse/client';
import { type DataType, TributaryError, typeName } from '@tributary/connector-sdk';
import type { SqlStatement, StatementValue } from '@tributary/connector-sdk/sql';
import { nullableTypeName } from '../types/type-name.js';
import { daysOf, microsOf } from '../types/points-in-time.js';
import { toClickhouseText } from '../types/value-text.js';
import type { BodyPart } from './multipart.js';

export interface BoundStatement {
  readonly sql: string;
  /** Empty where the statement has no values. */
  readonly parts: readonly BodyPart[];
  /** How external tables are to be read. */
  readonly settings: ClickHouseSettings;
}

/** The bytes of a form field. The server takes none of more than 128 KiB (http_max_field_value_size); tables it takes at any size. */
const largestField = 100_000;

/** The statement with the values of its placeholders: in form fields, or, for many keys, in tables that go with the request. */
export function bindValues({ sql, values }: Pick<SqlStatement, 'sql' | 'values'>): BoundStatement {
  let text = sql;
  const parts: BodyPart[] = [];
  const settings: Record<string, string> = {};
  values.forEach((value, i) => {
    const name = `p${i + 1}`;
    const field = fieldText(value);
    if (value.kind === 'parameter' || Buffer.byteLength(field) <= largestField) {
      parts.push({ name: `param_${name}`, text: field, isTable: false });
      return;
    }
    const table = `keys_${name}`;
    text = text.replaceAll(placeholderOf(name), (token) =>
      token.startsWith('{') ? `(SELECT arrayJoin(keys) FROM ${table})` : token,
    );
    parts.push({ name: table, text: field, isTable: true });
    settings[`${table}_structure`] =
      `keys Array(${nullableTypeName(value.type)?.replace(/^Nullable\((.*)\)$/, '$1') ?? ''})`;
    settings[`${table}_format`] = 'TSV';
  });
  return { sql: text, parts, settings };
}

/** `{p1:Array(Int64)}`, whatever its type; constants and quoted names are found too, so that nothing is found inside them. */
function placeholderOf(name: string): RegExp {
  return new RegExp(String.raw`${quoted.source}|\{${name}:[^{}]*\}`, 'g');
}

const quoted = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|`[^`\\]*(?:\\[\s\S][^`\\]*)*`/;

function fieldText(value: StatementValue): string {
  if (value.kind === 'parameter') {
    if (value.value === null) return String.raw`\N`;
    const text = parameterText(value.type, value.value);
    if (text === undefined) throw notRepresentable(typeName(value.type));
    return escapeField(text);
  }
  const items = value.values.flatMap((key) => {
    const text = toClickhouseText(value.type, key);
    return text === undefined ? [] : [isQuoted(value) ? `'${escapeArrayItem(text)}'` : text];
  });
  return `[${items.join(',')}]`;
}

/** Points in time as the numbers that the dialect's placeholders take. */
function parameterText(type: DataType, text: string): string | undefined {
  if (type.id === 'date') return daysOf(text)?.toString();
  if (type.id === 'timestamptz') return microsOf(text)?.toString();
  return toClickhouseText(type, text);
}

function isQuoted({ type }: StatementValue): boolean {
  return ['varchar', 'enum', 'uuid', 'date', 'timestamptz'].includes(type.id);
}

/** As in the TabSeparated format (ClickHouse documentation, "Data formatting"). */
function escapeField(text: string): string {
  return text.replaceAll(/[\\\n\t\r\0]/g, (char) => escapes[char] ?? '');
}

/** An array's items are unescaped once, not once more for the field that the array stands in. */
function escapeArrayItem(text: string): string {
  return escapeField(text).replaceAll("'", String.raw`\'`);
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
};

function notRepresentable(type: string): TributaryError {
  return new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `ClickHouse has no value for a parameter of type ${type}.`,
    fix: "Give another value, or run the query with pushdown: 'off'.",
  });
}
