import { expect, test } from 'vitest';
import { boolean, call, int, integer, ref, text, varchar } from '../../test/render/plans.js';
import { type Expr, compare, literal, simpleType } from '../plan/index.js';
import { printExpr } from './print-expr.js';

const name = ref(1, varchar);
const n = ref(2);
const isOne = compare('=', n, int(1));
const isTwo = compare('=', n, int(2));

const printed: readonly (readonly [string, Expr])[] = [
  [
    'n = 1 AND (n = 2 OR NOT (n = 1))',
    { kind: 'and', args: [isOne, { kind: 'or', args: [isTwo, { kind: 'not', arg: isOne }] }] },
  ],
  ['n = 1 AND n = 2 OR n = 1', { kind: 'or', args: [{ kind: 'and', args: [isOne, isTwo] }, isOne] }],
  ['(n = 1) IS NOT NULL', { kind: 'is-null', arg: isOne, negated: true }],
  ['(n = 1) = TRUE', compare('=', isOne, literal(boolean, 'true'))],
  ['((n + 1) * 2) - n', call('-', [call('*', [call('+', [n, int(1)]), int(2)]), n])],
  ['n - (- 5)', call('-', [n, call('-', [int(5)])])],
  ["name LIKE 'a%'", call('~~', [name, text('a%')], boolean)],
  [
    "(name NOT LIKE '50\\%' ESCAPE '\\')",
    call('not_like_escape', [name, text('50\\%'), text('\\')], boolean),
  ],
  ["name IN ('a', 'b')", { kind: 'in', arg: name, list: [text('a'), text('b')], negated: false }],
  ['n IS NOT DISTINCT FROM 1', compare('is-not-distinct', n, int(1))],
  [
    "CASE WHEN n = 1 THEN 'x' ELSE name END",
    { kind: 'case', branches: [{ when: isOne, then: text('x') }], otherwise: name, type: varchar },
  ],
  ['TRY_CAST(name AS DATE)', { kind: 'cast', arg: name, type: simpleType('date'), try: true }],
  ['lower(name || name)', call('lower', [call('||', [name, name], varchar)], varchar)],
  ['"position"(name, \'a\')', call('position', [name, text('a')])],
  [
    'struct_pack("a b" := n)',
    call('struct_pack', [n], { id: 'struct', fields: [{ name: 'a b', type: integer }] }),
  ],
  ['n > $since', compare('>', n, { kind: 'parameter', name: 'since', type: integer })],
  ['n IN key set k1', { kind: 'in-key-set', keySet: 'k1', args: [n] }],
];

test.each(printed)('%s', (sql, expr) => {
  expect(printExpr(expr, (id) => (id === 1 ? 'name' : 'n'))).toBe(sql);
});
