import { expect, it } from 'vitest';
import { TypedLines } from './typed-lines.js';

/** The history, newest first, after these lines, as readline keeps it: a line typed again moves up. */
function historyOf(...lines: readonly string[]): readonly string[] {
  const typed = new TypedLines();
  let history: string[] = ['old'];
  for (const line of lines) {
    history = [line, ...history.filter((each) => each !== line)];
    typed.enter(history);
  }
  return history;
}

it('joins the lines of a statement when it is whole', () => {
  expect(historyOf('select 1,')).toEqual(['select 1,', 'old']);
  expect(historyOf('select 1,', '  2', 'from t;')).toEqual(['select 1, 2 from t;', 'old']);
  expect(historyOf('select 1;', 'select 2', ';')).toEqual(['select 2 ;', 'select 1;', 'old']);
});

it('knows lines that were typed twice', () => {
  expect(historyOf('select', '1,', '1,', '2;')).toEqual(['select 1, 1, 2;', 'old']);
});

it('leaves lines as they are that would mean something else on one', () => {
  expect(historyOf('select 1 -- one', ';')).toEqual([';', 'select 1 -- one', 'old']);
  expect(historyOf("select 'a", "b';")).toEqual(["b';", "select 'a", 'old']);
});

it('begins anew after a command, and after what was given up', () => {
  expect(historyOf(String.raw`\d`, 'select 1;')).toEqual(['select 1;', String.raw`\d`, 'old']);
  const typed = new TypedLines();
  typed.enter(['select nonsense']);
  typed.clear();
  const history = ['1;', 'select nonsense'];
  typed.enter(history);
  expect(history).toEqual(['1;', 'select nonsense']);
});
