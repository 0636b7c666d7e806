import { describe, expect, it } from 'vitest';
import { dateCell, decimalCell, timestampCell } from './cell.js';

describe('comparable form', () => {
  it.each([
    [150n, 2, '1.5'],
    [100n, 2, '1'],
    [-5n, 3, '-0.005'],
    [0n, 2, '0'],
    [12n, 0, '12'],
    [1000n, 0, '1000'],
  ])('writes %d of scale %d as %s', (unscaled, scale, text) => {
    expect(decimalCell(unscaled, scale)).toBe(text);
  });

  it.each([
    [0, 'date 1970-01-01'],
    [-1, 'date 1969-12-31'],
    [11_016, 'date 2000-02-29'],
    [-719_528, 'date 0-01-01'],
    [2_932_896, 'date 9999-12-31'],
  ])('writes day %d as %s', (days, text) => {
    expect(dateCell(days)).toBe(text);
  });

  it('keeps microseconds, also before 1970', () => {
    expect(timestampCell('timestamp', -1000n)).toBe('timestamp 1969-12-31 23:59:59.999999');
    expect(timestampCell('timestamptz', 1_000_001_000n)).toBe('timestamptz 1970-01-01 00:00:01.000001');
  });
});
