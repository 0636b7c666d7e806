/** An unscaled decimal in literal text: 150 with scale 2 is `1.50`. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/**
 * A date or timestamp in literal text, from a count of `perSecond`ths since 1970. Undefined outside of the years 1 to
 * 9999, where text forms differ (and DuckDB's infinities live).
 */
export function timeText(
  value: bigint,
  perSecond: bigint,
  type: 'date' | 'timestamp' | 'timestamptz' | 'timestamp_ns',
): string | undefined {
  const remainder = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - remainder) / perSecond;
  if (seconds < -62_135_596_800n || seconds >= 253_402_300_800n) return undefined;
  const [date = '', time = ''] = new Date(Number(seconds) * 1000).toISOString().split('T');
  if (type === 'date') return date;
  const digits = perSecond.toString().length - 1;
  const fraction = remainder === 0n ? '' : `.${remainder.toString().padStart(digits, '0')}`;
  return `${date} ${time.slice(0, 8)}${fraction}${type === 'timestamptz' ? '+00' : ''}`;
}
