import { type DataType, literal } from '@tributary/contract';
import { assert, integer, oneof, property, record, constant, array, option } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Domain,
  domainOfComparison,
  hasNoValue,
  intersect,
  isContradiction,
  isWithin,
  mayContain,
  unite,
} from './domain.js';

const int: DataType = { id: 'integer' };

const bound = record({
  value: integer({ min: -4, max: 4 }).map(String),
  inclusive: oneof(constant(true), constant(false)),
});
const domains = record({
  nullable: oneof(constant(true), constant(false)),
  values: option(array(integer({ min: -4, max: 4 }).map(String), { maxLength: 3 }), { nil: undefined }),
  low: option(bound, { nil: undefined }),
  high: option(bound, { nil: undefined }),
}).map(({ nullable, values, low, high }): Domain => ({
  type: int,
  nullable,
  ...(values && { values }),
  ...(low && { low }),
  ...(high && { high }),
}));
const everyValue = Array.from({ length: 13 }, (_, i) => String(i - 6));

describe('domains of integers', () => {
  it('intersect to what both may contain', () => {
    assert(
      property(domains, domains, (a, b) => {
        const both = intersect(a, b);
        for (const v of everyValue) {
          if (mayContain(a, v) && mayContain(b, v)) expect(mayContain(both, v)).toBe(true);
          if (mayContain(both, v)) expect(mayContain(a, v) && mayContain(b, v)).toBe(true);
        }
        expect(both.nullable).toBe(a.nullable && b.nullable);
      }),
    );
  });

  it('unite to no less than each may contain', () => {
    assert(
      property(domains, domains, (a, b) => {
        const either = unite(a, b);
        for (const v of everyValue) {
          if ((!hasNoValue(a) && mayContain(a, v)) || (!hasNoValue(b) && mayContain(b, v))) {
            expect(mayContain(either, v)).toBe(true);
          }
        }
      }),
    );
  });

  it('have no value only where none is contained', () => {
    assert(
      property(domains, (a) => {
        if (hasNoValue(a)) expect(everyValue.filter((v) => mayContain(a, v))).toEqual([]);
      }),
    );
  });

  it('lie within another only where all their values do', () => {
    assert(
      property(domains, domains, (a, b) => {
        if (!isWithin(a, b)) return;
        for (const v of everyValue)
          if (!hasNoValue(a) && mayContain(a, v)) expect(mayContain(b, v)).toBe(true);
        if (a.nullable) expect(b.nullable).toBe(true);
      }),
    );
  });
});

describe('contradictions', () => {
  const of = (op: '<' | '>' | '=' | '<=', type: DataType, value: string): Domain => {
    const domain = domainOfComparison(op, literal(type, value));
    if (domain === undefined) throw new RangeError('no domain');
    return domain;
  };

  it.each<[DataType, string, string, boolean]>([
    [int, '9', '10', false],
    [int, '10', '9', true],
    [{ id: 'varchar' }, 'a', 'Z', true],
    [{ id: 'varchar' }, '9', '10', true],
    [{ id: 'date' }, '2020-01-01', '2019-12-31', true],
    [{ id: 'double' }, '1e3', '999', true],
    [{ id: 'timestamp' }, '2020-01-01 00:00:00', '2020-01-01 00:00:00.000001', false],
  ])('of %o: above %s and below %s', (type, low, high, expected) => {
    expect(isContradiction(intersect(of('>', type, low), of('<', type, high)))).toBe(expected);
  });

  it('need that NULL is out too', () => {
    const none = intersect(of('=', int, '1'), of('=', int, '2'));
    expect(isContradiction(none)).toBe(true);
    expect(isContradiction({ ...none, nullable: true })).toBe(false);
  });

  it('are not seen where the order of the type is not known', () => {
    expect(domainOfComparison('<', literal({ id: 'json' }, '{}'))).toBeUndefined();
  });
});
