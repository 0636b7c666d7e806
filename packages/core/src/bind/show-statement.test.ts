import { expect, test } from 'vitest';
import { mayBeShow } from './show-statement.js';

test.each([
  'show tables',
  '-- all\n/* of */ SHOW ALL TABLES',
  'DESCRIBE',
  '\ndesc tables;',
  '/* a /* b */ */show tables',
])('%j may be one', (sql) => {
  expect(mayBeShow(sql)).toBe(true);
});

test.each(['select a from t order by a desc', '-- show tables\nselect 1', 'shown', 'from (show tables)'])(
  '%j need not be parsed',
  (sql) => {
    expect(mayBeShow(sql)).toBe(false);
  },
);
