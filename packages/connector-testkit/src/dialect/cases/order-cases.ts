import { type DataType, type Rel, type Scan, typeOf } from '@tributary/connector-sdk';
import { lit, ref } from '../expressions.js';

/** ORDER BY in every direction, by itself and as a top-N. */
export function orderRelations(scan: Scan): readonly Rel[] {
  return [false, true].flatMap((descending) =>
    [false, true].flatMap((nullsFirst): readonly Rel[] => {
      const sorted: Rel = {
        kind: 'sort',
        input: scan,
        keys: [
          { expr: ref(scan, 'a'), descending, nullsFirst },
          { expr: ref(scan, 'id'), descending: false, nullsFirst: false },
        ],
      };
      const limited: Rel = {
        kind: 'limit',
        input: sorted,
        limit: lit('bigint', '7'),
        offset: lit('bigint', '2'),
      };
      return [sorted, limited];
    }),
  );
}

/** GROUP BY with count(DISTINCT), and DISTINCT. */
export function groupRelations(scan: Scan): readonly Rel[] {
  const a = ref(scan, 'a');
  const type: DataType = { id: 'bigint' };
  return [
    {
      kind: 'aggregate',
      input: scan,
      groups: [{ id: 90_001, name: 'g', type: typeOf(a), expr: a }],
      aggregates: [
        { id: 90_002, name: 'n', type, call: { fn: 'count', args: [ref(scan, 'b')], distinct: true, type } },
        { id: 90_003, name: 'm', type, call: { fn: 'count_star', args: [], distinct: false, type } },
      ],
    },
    {
      kind: 'distinct',
      input: { kind: 'project', input: scan, columns: [{ id: 90_004, name: 'a', type: typeOf(a), expr: a }] },
    },
  ];
}
