import type { DataType } from '@tributary/connector-sdk';

/**
 * A partition value of the log in literal text of the column's type (Delta protocol, "Partition Value Serialization").
 * The empty text is NULL whatever the type.
 */
export function partitionLiteral(value: string | null | undefined, type: DataType): string | null {
  if (value === null || value === undefined || value === '') return null;
  switch (type.id) {
    case 'timestamp':
      return value.replace('T', ' ');
    case 'timestamptz':
      return instantText(value);
    case 'boolean':
      return value.toLowerCase();
    case 'blob':
      return [...Buffer.from(value, 'utf8')]
        .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
        .join('');
    default:
      return value;
  }
}

/** Writers that name no zone mean their own; as the others do, UTC is assumed. */
function instantText(value: string): string {
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2})?(\.\d{1,6})?\d*)?(?:Z|([+-]\d{2}):?(\d{2})?)?$/.exec(
      value,
    );
  if (parts === null) return value;
  const [, day = '', minutes = '00:00', seconds = ':00', fraction = '', hoursOff, minutesOff = '00'] = parts;
  if (hoursOff === undefined) return `${day} ${minutes}${seconds}${fraction}+00`;
  const utc = new Date(`${day}T${minutes}${seconds}${hoursOff}:${minutesOff}`).toISOString();
  return `${utc.slice(0, 19).replace('T', ' ')}${fraction}+00`;
}
