import { TributaryError } from '@tributary/contract';
import { describe, expect, it } from 'vitest';
import { colorsFor } from '../terminal/colors.js';
import { exitCodeOf } from './exit-codes.js';
import { FailedStatement } from './failed-statement.js';
import { formatError } from './format-error.js';
import { UsageError } from './usage-error.js';

const plain = colorsFor({ isTTY: false }, {});

describe('formatError', () => {
  it('shows code, place, candidates, source, object and fix', () => {
    const sql = 'select *\n\tfrom ordrs';
    const error = new TributaryError('SQL.UNKNOWN_TABLE', {
      message: 'There is no table "ordrs".',
      position: sql.indexOf('ordrs'),
      candidates: ['shop.public.orders'],
      sourceId: 'shop',
      object: 'ordrs',
    });
    expect(formatError(new FailedStatement(sql, error), plain)).toBe(
      [
        'error[SQL.UNKNOWN_TABLE]: There is no table "ordrs".',
        '  at line 2, column 7',
        '  2 |  from ordrs',
        '    |       ^',
        '  did you mean: shop.public.orders',
        '  source: shop',
        '  object: ordrs',
        '  fix: SHOW ALL TABLES lists every table, SHOW TABLES FROM <source> those of one source.',
        '',
      ].join('\n'),
    );
  });

  it('shows the part of a long line around the place', () => {
    const sql = `select ${'a, '.repeat(100)}oops from t`;
    const error = new TributaryError('SQL.BIND', {
      message: 'No column oops.',
      position: sql.indexOf('oops'),
    });
    const [, , line = '', caret = ''] = formatError(new FailedStatement(sql, error), plain).split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line.indexOf('oops')).toBe(caret.indexOf('^'));
  });

  it('has no advice for what the user himself cancelled', () => {
    const text = formatError(new TributaryError('QUERY.CANCELLED', { message: 'Cancelled.' }), plain);
    expect(text).toBe('error[QUERY.CANCELLED]: Cancelled.\n');
  });

  it('is coloured only where wanted', () => {
    const error = new UsageError('x');
    expect(formatError(error, colorsFor({ isTTY: true }, {}))).toContain('\u001B[31m');
    expect(formatError(error, colorsFor({ isTTY: true }, { NO_COLOR: '1' }))).toBe('error: x\n');
    expect(formatError(error, colorsFor({}, { FORCE_COLOR: '1' }))).toContain('\u001B[31m');
  });
});

describe('exit codes', () => {
  it.each([
    [new TributaryError('SQL.SYNTAX', { message: '' }), 1],
    [new FailedStatement('', new TributaryError('SQL.BIND', { message: '' })), 1],
    [new TributaryError('CONFIG.INVALID', { message: '' }), 2],
    [new UsageError(''), 2],
    [new TributaryError('SOURCE.TIMEOUT', { message: '' }), 3],
    [new TributaryError('RESOURCE.MEMORY', { message: '' }), 3],
    [new TributaryError('ENGINE.INTERNAL', { message: '' }), 70],
    [new TypeError('x'), 70],
    [new TributaryError('QUERY.CANCELLED', { message: '' }), 130],
  ])('%s ends with %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
