import { expect, it } from 'vitest';
import { colorsFor } from '../terminal/colors.js';
import { RecordLayout } from './record-layout.js';
import { type TableStyle, TableLayout } from './table-layout.js';

const style: TableStyle = {
  colors: colorsFor({ isTTY: false }, {}),
  unicode: true,
  maxCellWidth: 60,
  width: 40,
};
const columns = [
  { name: 'id', numeric: true },
  { name: '名前', numeric: false },
];

it('shows a record with names side by side, wide characters counted as two, and values whole', () => {
  const layout = new RecordLayout(columns, style);
  expect(layout.header()).toBe('');
  expect(layout.row(['1', 'x'.repeat(100)])).toBe(
    `─[ row 1 ]──────────\n id   │ 1\n 名前 │ ${'x'.repeat(100)}\n`,
  );
  expect(layout.row(['2', ''])).toBe('─[ row 2 ]──────────\n id   │ 2\n 名前 │\n');
});

it('cuts values to the terminal where it stands in for a table', () => {
  const layout = RecordLayout.fitting(columns, style);
  expect(layout.row(['1', '漢'.repeat(40)])).toBe(
    `─[ row 1 ]──────────\n id   │ 1\n 名前 │ ${'漢'.repeat(15)}…\n`,
  );
});

it('cuts text of a table to the width of the terminal, also in rows that come later', () => {
  const layout = new TableLayout(columns, [['12', '日本'.repeat(20)]], style);
  expect(layout.fits).toBe(true);
  expect(layout.header()).toBe(` id │ 名前\n────┼${'─'.repeat(35)}\n`);
  expect(layout.row(['12', '日本'.repeat(20)])).toBe(` 12 │ ${'日本'.repeat(8)}…\n`);
  expect(layout.row(['12', 'x'.repeat(50)])).toBe(` 12 │ ${'x'.repeat(32)}…\n`);
});

it('knows a table that does not fit', () => {
  expect(new TableLayout(columns, [['1'.repeat(20), 'y'.repeat(30)]], style).fits).toBe(false);
  expect(new TableLayout(columns, [['1'.repeat(20), 'y'.repeat(30)]], { ...style, width: 45 }).fits).toBe(
    true,
  );
});
