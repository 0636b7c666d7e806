import { blobBytes } from '@tributary/connector-testkit';
import { type DataType, typeName } from '@tributary/contract';

const names: Readonly<Record<string, string>> = {
  DOUBLE: 'double precision',
  FLOAT: 'real',
  VARCHAR: 'text',
  BLOB: 'bytea',
};

export function postgresType(type: DataType): string {
  const name = typeName(type);
  return names[name] ?? name.toLowerCase();
}

export function postgresConstant(type: DataType, value: string | null): string {
  if (value === null) return 'NULL';
  if (type.id === 'blob') return String.raw`'\x${Buffer.from(blobBytes(value)).toString('hex')}'`;
  // DuckDB writes the era behind the date, PostgreSQL behind the time.
  const text = value.includes(' (BC)') ? `${value.replace(' (BC)', '')} BC` : value;
  return `'${text.replaceAll("'", "''")}'`;
}
