import { UsageError } from '../errors/usage-error.js';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/**
 * Milliseconds of `500ms`, `30s`, `1.5m`; a bare number is milliseconds.
 * @throws UsageError
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const factor = unitMs[(match?.[2] ?? '').toLowerCase() || 'ms'];
  const ms = Number(match?.[1]) * (factor ?? Number.NaN);
  if (!(ms > 0)) throw new UsageError(`"${text}" is not a duration. Examples: 500ms, 30s, 5m.`);
  return Math.ceil(ms);
}
