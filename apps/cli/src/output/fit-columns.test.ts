import { expect, it } from 'vitest';
import { fitColumns } from './fit-columns.js';

const text = (width: number) => ({ width, numeric: false });
const number = (width: number) => ({ width, numeric: true });

it('leaves columns alone that have room, to the last column of the terminal', () => {
  expect(fitColumns([number(10), text(30)], 45)).toEqual([10, 30]);
  expect(fitColumns([text(500)], Number.POSITIVE_INFINITY)).toEqual([500]);
});

it('cuts the widest texts first, and evenly', () => {
  expect(fitColumns([number(10), text(30)], 44)).toEqual([10, 29]);
  expect(fitColumns([text(60), text(40), text(10)], 78)).toEqual([30, 30, 10]);
});

it('cuts no number, and no text to a stump', () => {
  expect(fitColumns([number(30), text(20)], 54)).toBeUndefined();
  expect(fitColumns([text(60), text(60)], 44)).toBeUndefined();
  expect(fitColumns([text(60), text(60)], 45)).toEqual([20, 20]);
});
