import { TributaryError } from '@tributary/contract';

const powers: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/**
 * Bytes of a size such as `512MB` (10^6) or `2GiB` (2^30), DuckDB's notation.
 * @throws TributaryError CONFIG.INVALID naming `key`.
 */
export function parseByteSize(text: string, key: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(text);
  const power = powers[(match?.[2] ?? '').toUpperCase()];
  const bytes = Math.floor(Number(match?.[1]) * (power ?? Number.NaN));
  if (!(bytes > 0)) {
    throw new TributaryError('CONFIG.INVALID', {
      message: `${key}: "${text}" is not a size. Write a number and a unit, such as 512MB or 2GiB.`,
      object: key,
    });
  }
  return bytes;
}
