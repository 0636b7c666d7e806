import { expect, test } from 'vitest';
import { compare, literal } from './expr.js';
import { fingerprint } from './fingerprint.js';
import type { Rel } from './rel.js';
import { simpleType } from './types.js';

const integer = simpleType('integer');

/** `WITH … SELECT a FROM t WHERE a > limit UNION ALL SELECT …`, numbered from `base`. */
function plan(base: number, limit = '1', fedBy: 'a' | 'b' = 'a'): Rel {
  const [a, b, c, d] = [base, base + 1, base + 2, base + 3] as const;
  const scan: Rel = {
    kind: 'scan',
    source: 's',
    table: ['t'],
    columns: [a, b].map((id) => ({ id, name: 'x', type: integer, nullable: true, comparison: 'ordered' })),
  };
  const over = compare('>', { kind: 'column', id: a, type: integer }, literal(integer, limit));
  const ref: Rel = {
    kind: 'cte-ref',
    cte: base,
    columns: [{ id: c, name: 'x', type: integer }],
    feeds: [fedBy === 'a' ? a : b],
  };
  return {
    kind: 'with',
    id: base,
    name: `cte${base}`,
    definition: { kind: 'filter', input: scan, predicates: [over] },
    body: {
      kind: 'set-operation',
      op: 'union',
      all: true,
      inputs: [ref, ref],
      columns: [{ id: d, name: 'x', type: integer }],
      feeds: [[c], [c]],
    },
  };
}

test('does not depend on how columns and CTEs are numbered, nor on the order of keys', () => {
  expect(fingerprint(plan(1))).toBe(fingerprint(plan(40)));
  const { kind, ...rest } = plan(1);
  expect(fingerprint(plan(1))).toBe(fingerprint({ ...rest, kind } as Rel));
  expect(fingerprint(plan(1))).toMatch(/^[0-9a-f]{64}$/);
});

test('differs where the plans differ', () => {
  expect(fingerprint(plan(1, '1'))).not.toBe(fingerprint(plan(1, '2')));
  expect(fingerprint(plan(1, '1', 'a'))).not.toBe(fingerprint(plan(1, '1', 'b')));
});

test('takes a plan that is deeper than the call stack', () => {
  let rel = plan(1);
  for (let i = 0; i < 50_000; i++) rel = { kind: 'limit', input: rel, limit: literal(integer, '1') };
  expect(fingerprint(rel)).toMatch(/^[0-9a-f]{64}$/);
});
