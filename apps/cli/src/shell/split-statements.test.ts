import { describe, expect, it } from 'vitest';
import { splitStatements } from './split-statements.js';

describe('splitStatements', () => {
  it.each([
    ['select 1', [], 'select 1'],
    ['select 1;', ['select 1'], ''],
    ['select 1; select 2; sel', ['select 1', ' select 2'], 'sel'],
    [";; select ';'; ", [" select ';'"], ''],
    ["select 'it''s;' ;", ["select 'it''s;' "], ''],
    ['select ";" from t;', ['select ";" from t'], ''],
    ['select 1 -- no; end\n;', ['select 1 -- no; end\n'], ''],
    ['select /* ; */ 1;', ['select /* ; */ 1'], ''],
    ['select $$;$$;', ['select $$;$$'], ''],
    ['select $a$ ; $b$ ; $a$;', ['select $a$ ; $b$ ; $a$'], ''],
    ['select 1; -- done', ['select 1'], ''],
    ['-- first\n/* second */ select', [], 'select'],
    ["select 'open;", [], "select 'open;"],
    ['select /* open; ', [], 'select /* open; '],
    ['select "open;', [], 'select "open;'],
    [String.raw`select E'it\'s;', e'\\';`, [String.raw`select E'it\'s;', e'\\'`], ''],
    [String.raw`select E'it\'s;`, [], String.raw`select E'it\'s;`],
    [String.raw`select a like'\'; x`, [String.raw`select a like'\'`], 'x'],
    ['select $1;', ['select $1'], ''],
  ])('%j', (text, statements, rest) => {
    expect(splitStatements(text)).toEqual({ statements, rest });
  });
});
