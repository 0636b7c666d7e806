/** An interval's parts, which do not convert into each other: a month has no fixed number of days. */
export interface IntervalParts {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

const units: Readonly<Record<string, readonly [part: 'months' | 'days', factor: number]>> = {
  year: ['months', 12],
  mon: ['months', 1],
  month: ['months', 1],
  day: ['days', 1],
};

const clock = /^(-)?(\d+):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;

/** An interval as DuckDB writes it: `1 year 2 months -3 days 04:05:06.7`; undefined where it is something else. */
export function parseIntervalText(text: string): IntervalParts | undefined {
  const parts = { months: 0, days: 0 };
  let micros = 0n;
  const words = text.trim().split(/\s+/);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const time = clock.exec(word);
    if (time !== null) {
      const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = time;
      const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
      const value = whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
      micros += sign === undefined ? value : -value;
      continue;
    }
    i += 1;
    const unit = units[(words[i] ?? '').toLowerCase().replace(/s$/, '')];
    if (unit === undefined || !/^-?\d+$/.test(word)) return undefined;
    const [part, factor] = unit;
    parts[part] += Number(word) * factor;
  }
  return { ...parts, micros };
}
