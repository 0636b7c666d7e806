import { describe, expect, test } from 'vitest';
import { configuredTime, historyOf, tableReference } from './table-reference.js';

const millis = Date.parse('2026-01-31T10:00:00Z');

describe('names', () => {
  test.each([
    ['events', 'events', undefined],
    ['events@v12', 'events', { kind: 'version', version: 12 }],
    ['events@V0', 'events', { kind: 'version', version: 0 }],
    ['events@2026-01-31', 'events', { kind: 'timestamp', millis: millis - 36_000_000 }],
    ['events@2026-01-31 10:00', 'events', { kind: 'timestamp', millis }],
    ['events@2026-01-31T12:00:00+02:00', 'events', { kind: 'timestamp', millis }],
    ['a@b@v1', 'a@b', { kind: 'version', version: 1 }],
    ['events@12', 'events@12', undefined],
    ['events@2026-13-31', 'events@2026-13-31', undefined],
    ['@v1', '@v1', undefined],
  ])('%s', (name, table, at) => {
    expect(tableReference(['s', name])).toEqual({ path: ['s', table], at });
  });

  test.each([
    ['events$history', ['s', 'events']],
    ['events$HISTORY', ['s', 'events']],
    ['$history', undefined],
    ['events', undefined],
  ])('%s asks for the history of %j', (name, table) => {
    expect(historyOf(['s', name])).toEqual(table);
  });
});

test('configured times', () => {
  expect(configuredTime('t', {}, 'lake')).toBeUndefined();
  expect(configuredTime('t', { version: 3 }, 'lake')).toEqual({ kind: 'version', version: 3 });
  expect(configuredTime('t', { timestamp: '2026-01-31T10:00:00Z' }, 'lake')).toEqual({
    kind: 'timestamp',
    millis,
  });
  expect(() => configuredTime('t', { timestamp: 'yesterday' }, 'lake')).toThrow(
    expect.objectContaining({ code: 'CONFIG.INVALID' }),
  );
});
