import type { Value } from '../answer.js';

const integerText = /^[+-]?\d+$/;
const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** An integer, exactly; undefined for anything else. */
export function integerOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === 'string' && integerText.test(value) ? BigInt(value) : undefined;
}

/** The value times 10 to the power of `scale`; undefined where digits would be lost. A number is what its shortest text says. */
export function scaledOf(value: Value, scale: number): bigint | undefined {
  if (typeof value === 'bigint') return value * 10n ** BigInt(scale);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = decimalText.exec(String(value));
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const shift = scale + Number(exponent) - fraction.length;
  const magnitude = shifted(BigInt(digits), shift);
  return sign === '-' && magnitude !== undefined ? -magnitude : magnitude;
}

function shifted(value: bigint, digits: number): bigint | undefined {
  if (digits >= 0) return value * 10n ** BigInt(digits);
  const divisor = 10n ** BigInt(-digits);
  return value % divisor === 0n ? value / divisor : undefined;
}

/** A double; text in DuckDB's forms. */
export function floatOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  switch (value.toLowerCase()) {
    case 'nan':
    case '-nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    default: {
      // Text without a digit is 0 or NaN to `Number`, but no value.
      const number = decimalText.test(value) && /\d/.test(value) ? Number(value) : Number.NaN;
      return Number.isFinite(number) ? number : undefined;
    }
  }
}
