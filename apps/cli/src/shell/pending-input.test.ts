import { describe, expect, it } from 'vitest';
import { PendingInput } from './pending-input.js';

/** What each line completes, shortened: SQL as it is, a command by its name and argument. */
function completed(...lines: readonly string[]): readonly (readonly string[])[] {
  const input = new PendingInput();
  return lines.map((line) =>
    input
      .add(line)
      .map((each) =>
        each.kind === 'statement' ? each.sql : `${each.command.name ?? 'none'}(${each.command.argument})`,
      ),
  );
}

describe('PendingInput', () => {
  it('waits for the semicolon', () => {
    expect(completed('select 1', ', 2; select', '3;')).toEqual([[], ['select 1\n, 2'], ['select\n3']]);
  });

  it.each([
    [String.raw`\d`, String.raw`\d()`],
    [String.raw`\d shop.orders;`, String.raw`\d(shop.orders)`],
    [String.raw`\explain select 'a  b; c', 2;`, String.raw`\explain(select 'a  b; c', 2)`],
    ['.tables', String.raw`\d()`],
    ['.schema shop.orders', String.raw`\d(shop.orders)`],
    ['.mode csv', String.raw`\format(csv)`],
    ['.timer on', String.raw`\timing(on)`],
    [String.raw`\dt`, String.raw`\d()`],
    [String.raw`\l`, String.raw`\sources()`],
    ['.quit', String.raw`\q()`],
    ['exit;', String.raw`\q()`],
    ['QUIT', String.raw`\q()`],
    ['help', String.raw`\?()`],
    ['explain select 1;', String.raw`\explain(select 1)`],
    ['EXPLAIN ANALYZE select 1;', String.raw`\analyze(select 1)`],
    [String.raw`\nonsense 1`, 'none(1)'],
  ])('takes the command %s', (line, command) => {
    expect(completed(line)).toEqual([[command]]);
  });

  it('takes a command after a statement, and explains a statement of several lines', () => {
    expect(completed(String.raw`select 1; \d lake;x`)).toEqual([['select 1', String.raw`\d(lake;x)`]]);
    expect(completed('explain select', '1;')).toEqual([[], ['\\explain(select\n1)']]);
  });

  it('takes nothing inside a statement for a command', () => {
    expect(completed('select', 'quit', '.5 as x;')).toEqual([[], [], ['select\nquit\n.5 as x']]);
    expect(completed('explain_this;')).toEqual([['explain_this']]);
  });
});
