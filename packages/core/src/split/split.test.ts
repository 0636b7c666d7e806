import {
  type Column,
  type DataType,
  type Expr,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type Rel,
  type RemoteQueryRequest,
  type ScanColumn,
  TributaryError,
  columnRef,
  compare,
  conjuncts,
  literal,
  outputIds,
  outputOf,
  someRel,
  columnsOf,
  visitRel,
} from '@tributary/contract';
import { describe, expect, test } from 'vitest';
import { DescribedSource } from '../../test/bind/described-source.js';
import type { PushdownMode } from '../plan/federated-plan.js';
import type { SplitCosts } from './cost-model.js';
import type { Support } from './placement.js';
import { type SplitContext, type SplitPlan, splitPlan } from './split.js';

const bigint: DataType = { id: 'bigint' };

/** A source that says yes to every plan and keeps what it was asked. */
class YesSource extends DescribedSource {
  readonly requests: RemoteQueryRequest[] = [];
  takesAggregates = false;
  readonly #kind: 'sql' | 'plain';

  constructor(sourceId: string, kind: 'sql' | 'plain') {
    super(sourceId, {});
    this.#kind = kind;
  }

  override getInfo(): FederatedDataSourceInfo {
    const info = super.getInfo();
    const keySets = { maxKeys: 1000, multiColumn: true };
    if (this.#kind === 'plain')
      return {
        ...info,
        capabilities: { ...info.capabilities, kind: 'plain', limit: 'exact', offset: true, keySets },
      };
    // What a SQL source can do is the business of `Support` in these tests, so nothing else of it is looked at.
    const capabilities = { kind: 'sql', keySets } as FederatedDataSourceInfo['capabilities'];
    return { ...info, sourceType: 'database', capabilities };
  }

  override planRemoteQuery(
    request?: RemoteQueryRequest,
  ): ReturnType<IFederatedDataSource['planRemoteQuery']> {
    if (request === undefined) throw new Error('no request');
    this.requests.push(request);
    const aggregates = request.kind === 'scan' && this.takesAggregates ? request.aggregates : undefined;
    const columns = request.kind === 'scan' ? request.columns : outputOf(request.relation);
    const residual = { filters: [], limit: false };
    return {
      sourceId: this.sourceId,
      request,
      columns: aggregates ?? columns,
      ...(aggregates !== undefined && { aggregated: true }),
      residual,
      native: '',
      decisions: [],
      state: undefined,
    };
  }
}

let nextId = 1000;

function table(
  source: string,
  name: string,
  firstId: number,
  columns: readonly string[],
): Rel & { kind: 'scan' } {
  return {
    kind: 'scan',
    source,
    table: [name],
    columns: columns.map((column, i): ScanColumn => {
      return { id: firstId + i, name: column, type: bigint, nullable: false, comparison: 'ordered' };
    }),
  };
}

function column(rel: Rel, name: string): Expr {
  const found = outputOf(rel).find((c) => c.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return columnRef(found);
}

function join(left: Rel, right: Rel, l: string, r: string, type: 'inner' | 'left' = 'inner'): Rel {
  return { kind: 'join', type, left, right, on: [compare('=', column(left, l), column(right, r))] };
}

/** Rows by table name; a join multiplies, so that pushing some joins does not pay. */
function costs(rows: Readonly<Record<string, number>>): SplitCosts {
  const count = (rel: Rel): number => {
    switch (rel.kind) {
      case 'scan':
        return rows[rel.table.join('.')] ?? 100;
      case 'join':
        return count(rel.left) * count(rel.right);
      case 'filter':
        return count(rel.input) / 10;
      case 'aggregate':
        return 1;
      default:
        return 'input' in rel ? count(rel.input) : 1;
    }
  };
  return {
    residualMs: 1,
    rows: count,
    rowBytes: (rel) => 8 * outputOf(rel).length,
    distinct: count,
    origin: () => 'source',
    sourceWork: () => 0.1,
    localWork: () => 0.1,
    transfer: (rel) => 1 + count(rel) / 100,
    rowsTransfer: (rel) => count(rel) / 100,
  };
}

const supportsAll: Support = { node: () => undefined, predicate: () => undefined };

/** Filters straight to the leaves, for trees of joins and filters. */
function pushDown(rel: Rel): Rel {
  if (rel.kind !== 'filter') return rel;
  const { input } = rel;
  if (input.kind !== 'join')
    return input.kind === 'filter' ? { ...input, predicates: [...input.predicates, ...rel.predicates] } : rel;
  const [predicate] = rel.predicates;
  if (predicate === undefined) return input;
  const inside = (side: Rel): boolean => [...columnsOf(predicate)].every((id) => outputIds(side).has(id));
  if (inside(input.left)) return { ...input, left: pushDown({ ...rel, input: input.left }) };
  return inside(input.right) ? { ...input, right: pushDown({ ...rel, input: input.right }) } : rel;
}

function split(
  root: Rel,
  options: {
    mode?: PushdownMode;
    rows?: Record<string, number>;
    support?: Support;
    takesAggregates?: boolean;
  } = {},
): { readonly plan: SplitPlan; readonly sources: Readonly<Record<string, YesSource>> } {
  const sources: Record<string, YesSource> = {
    shop: new YesSource('shop', 'sql'),
    crm: new YesSource('crm', 'sql'),
    lake: new YesSource('lake', 'plain'),
  };
  if (sources['lake'] !== undefined) sources['lake'].takesAggregates = options.takesAggregates === true;
  const context: SplitContext = {
    mode: options.mode ?? 'auto',
    source: (id) => sources[id] ?? new YesSource(id, 'sql'),
    costs: costs(options.rows ?? {}),
    support: options.support ?? supportsAll,
    newId: () => nextId++,
    pushDownFilters: pushDown,
    describe: { expr: (e) => e.kind, rel: (r) => r.kind },
  };
  return { plan: splitPlan(root, context), sources };
}

const orders = table('shop', 'orders', 1, ['id', 'customer', 'total']);
const customers = table('shop', 'customers', 11, ['key', 'nation']);
const contacts = table('crm', 'contacts', 21, ['person', 'city']);
const events = table('lake', 'events', 31, ['who', 'what']);

const summed: Rel = {
  kind: 'aggregate',
  input: join(orders, customers, 'customer', 'key'),
  groups: [],
  aggregates: [
    { id: 51, name: 'n', type: bigint, call: { fn: 'count_star', args: [], distinct: false, type: bigint } },
  ],
};

const latest: Rel = {
  kind: 'project',
  input: {
    kind: 'aggregate',
    input: events,
    groups: [],
    aggregates: [
      {
        id: 52,
        name: 'n',
        type: bigint,
        call: { fn: 'count_star', args: [], distinct: false, type: bigint },
      },
      {
        id: 53,
        name: 'last',
        type: bigint,
        call: { fn: 'max', args: [column(events, 'what')], distinct: false, type: bigint },
      },
    ],
  },
  columns: [{ id: 53, name: 'latest', type: bigint, expr: { kind: 'column', id: 53, type: bigint } }],
};

describe('aggregates of a plain source', () => {
  test('a source that takes them answers alone', () => {
    const { plan, sources } = split(latest, { takesAggregates: true });
    expect(sources['lake']?.requests).toMatchObject([
      { columns: events.columns, aggregates: [{ id: 53, name: 'latest', call: { fn: 'max' } }] },
    ]);
    expect(plan.residual).toEqual({ kind: 'none', fragment: plan.fragments[0]?.id });
    expect(plan.fragments[0]?.columns.map(({ id }) => id)).toEqual([53]);
  });

  test('of one that does not, the rows are asked for', () => {
    const { plan, sources } = split(latest, { rows: { events: 7000 } });
    const [offered, asked] = sources['lake']?.requests ?? [];
    expect(offered).toMatchObject({ aggregates: [{ id: 53 }], estimate: { rows: 1 } });
    expect(asked).toEqual({ ...offered, aggregates: undefined, estimate: { rows: 7000, bytes: 112_000 } });
    expect(plan.fragments).toMatchObject([{ relation: events, estimate: { rows: 7000 } }]);
    if (plan.residual.kind !== 'relation') throw new Error('no residual');
    expect(outputOf(plan.residual.relation).map(({ id, name }) => [id, name])).toEqual([[53, 'latest']]);
    expect(plan.residual.relation).toMatchObject({
      kind: 'aggregate',
      input: { kind: 'remote', columns: [{ name: 'who' }, { name: 'what' }] },
    });
    expect(plan.decisions).toMatchObject([
      { piece: 'aggregate', text: 'latest', outcome: 'kept', code: 'NOT_IN_CAPABILITIES', sourceId: 'lake' },
    ]);
  });
});

describe('placement', () => {
  test('a plan of one source is one fragment and no residual', () => {
    const { plan } = split(summed);
    expect(plan.residual).toEqual({ kind: 'none', fragment: plan.fragments[0]?.id });
    expect(plan.decisions.map((d) => [d.piece, d.outcome])).toEqual([
      ['aggregate', 'pushed'],
      ['join', 'pushed'],
    ]);
  });

  test('a join that widens its inputs is kept where nothing shrinks it again', () => {
    const { plan } = split(join(orders, customers, 'customer', 'key'), {
      rows: { orders: 1000, customers: 1000 },
    });
    expect(plan.fragments.map((f) => f.relation.kind)).toEqual(['scan', 'scan']);
    expect(plan.decisions.find((d) => d.piece === 'join')?.code).toBe('COST_KEPT');
  });

  test('the same join is pushed below an aggregate', () => {
    const { plan } = split(summed, { rows: { orders: 1000, customers: 1000 } });
    expect(plan.fragments).toHaveLength(1);
  });

  test('a filter is split by conjunct', () => {
    const a = compare('=', column(orders, 'total'), literal(bigint, '1'));
    const b = compare('=', column(orders, 'id'), literal(bigint, '2'));
    const refusesB: Support = {
      ...supportsAll,
      predicate: (p) => (p === b ? { code: 'CAST_DIFFERS', why: 'because' } : undefined),
    };
    const { plan } = split({ kind: 'filter', input: orders, predicates: [a, b] }, { support: refusesB });
    expect(plan.decisions).toMatchObject([
      { piece: 'filter', outcome: 'pushed' },
      { piece: 'filter', outcome: 'kept', code: 'CAST_DIFFERS' },
    ]);
    if (plan.residual.kind !== 'relation' || plan.residual.relation.kind !== 'filter')
      throw new Error('no filter');
    expect(plan.residual.relation.predicates).toEqual([b]);
  });

  test("mode 'off' scans and computes nothing remotely", () => {
    const { plan } = split(summed, { mode: 'off' });
    expect(plan.fragments).toHaveLength(2);
    expect(plan.fragments.every((f) => !someRel(f.relation, (r) => r.kind === 'join'))).toBe(true);
    expect(plan.keySets).toEqual([]);
  });

  test("mode 'require' fails over a piece that its source could not take, not over a join between sources", () => {
    const refuses: Support = { ...supportsAll, node: () => ({ code: 'NOT_IN_CAPABILITIES', why: 'no' }) };
    expect(() => split(summed, { mode: 'require', support: refuses })).toThrow(TributaryError);
    const across = join(orders, contacts, 'customer', 'person');
    expect(split(across, { mode: 'require' }).plan.decisions.map((d) => d.code)).toContain('CROSS_SOURCE');
  });

  test('fragments deliver only what the residual reads', () => {
    const across: Rel = {
      kind: 'project',
      input: join(orders, contacts, 'customer', 'person'),
      columns: [{ id: 61, name: 'city', type: bigint, expr: column(contacts, 'city') }],
    };
    const { plan } = split(across);
    const names = plan.fragments.map((f) => outputOf(f.relation).map((c: Column) => c.name));
    expect(names).toEqual([['customer'], ['person', 'city']]);
  });
});

describe('key sets', () => {
  const rows = { orders: 100_000, contacts: 10, customers: 50_000 };

  test('the small side cuts the large one', () => {
    const { plan } = split(join(orders, contacts, 'customer', 'person'), { rows });
    const [edge] = plan.keySets;
    const consumer = plan.fragments.find((f) => f.id === edge?.consumer);
    expect(plan.keySets).toHaveLength(1);
    expect(consumer?.sourceId).toBe('shop');
    if (consumer?.relation.kind !== 'project' && consumer?.relation.kind !== 'filter')
      throw new Error('no filter');
    expect(
      someRel(
        consumer.relation,
        (r) => r.kind === 'filter' && r.predicates.some((p) => p.kind === 'in-key-set'),
      ),
    ).toBe(true);
  });

  test('reach every fragment whose column is equal', () => {
    const refusesJoins: Support = {
      ...supportsAll,
      node: (rel) => (rel.kind === 'join' ? { code: 'NOT_IN_CAPABILITIES', why: 'no' } : undefined),
    };
    const left = join(orders, customers, 'customer', 'key');
    const { plan } = split(join(left, contacts, 'customer', 'person'), { rows, support: refusesJoins });
    const consumers = plan.keySets.map((e) => plan.fragments.find((f) => f.id === e.consumer)?.sourceId);
    expect(consumers).toEqual(['shop', 'shop']);
  });

  test('never cut the side whose unmatched rows count', () => {
    const { plan } = split(join(orders, contacts, 'customer', 'person', 'left'), { rows });
    expect(plan.keySets).toEqual([]);
    const flipped = split(join(contacts, orders, 'person', 'customer', 'left'), { rows });
    expect(flipped.plan.keySets).toHaveLength(1);
  });

  test('are not waited for where they will be more than the source takes', () => {
    const many = { ...rows, orders: 1e6, contacts: 1_200 };
    expect(split(join(orders, contacts, 'customer', 'person'), { rows: many }).plan.keySets).toEqual([]);
    const fewer = { ...many, contacts: 900 };
    expect(split(join(orders, contacts, 'customer', 'person'), { rows: fewer }).plan.keySets).toHaveLength(1);
  });

  test('are not sent where looking them up costs about what reading all rows does', () => {
    const close = { ...rows, orders: 1_100, contacts: 800 };
    expect(split(join(orders, contacts, 'customer', 'person'), { rows: close }).plan.keySets).toEqual([]);
    const far = { ...close, orders: 11_000 };
    expect(split(join(orders, contacts, 'customer', 'person'), { rows: far }).plan.keySets).toHaveLength(1);
  });

  test('go to plain sources beside their filters', () => {
    const { plan, sources } = split(join(events, contacts, 'who', 'person'), {
      rows: { events: 1e6, contacts: 10 },
    });
    expect(plan.keySets).toHaveLength(1);
    const request = sources['lake']?.requests.at(-1);
    if (request?.kind !== 'scan') throw new Error('no scan');
    expect(request.filters.flatMap(conjuncts).map((f) => f.kind)).toEqual(['in-key-set']);
    expect(request.keySets).toMatchObject([{ id: 'k1', estimatedKeys: 10 }]);
  });

  describe('of a producer that may have other rows the next time', () => {
    const keepsLimits: Support = {
      ...supportsAll,
      node: (rel) => (rel.kind === 'limit' ? { code: 'NOT_IN_CAPABILITIES', why: 'no' } : undefined),
    };
    const few = (input: Rel): Rel => ({ kind: 'limit', input, limit: literal(bigint, '5') });

    test('are those of a held relation, which the join reads too', () => {
      const root = join(orders, few(contacts), 'customer', 'person');
      const { plan } = split(root, { rows, support: keepsLimits });
      expect(plan.held).toMatchObject([{ id: 'h1', relation: { kind: 'limit', input: { kind: 'remote' } } }]);
      expect(plan.keySets).toMatchObject([{ producer: { kind: 'remote', fragment: 'h1' } }]);
      const { residual } = plan;
      if (residual.kind !== 'relation') throw new Error('no residual');
      const leaves = new Set<string>();
      visitRel(residual.relation, (rel) => void (rel.kind === 'remote' && leaves.add(rel.fragment)));
      expect([...leaves]).toContain('h1');
      expect(someRel(residual.relation, (rel) => rel.kind === 'limit')).toBe(false);
    });

    test('are not sent where it has many rows', () => {
      const root = join(orders, few(contacts), 'customer', 'person');
      const many = { orders: 1e8, contacts: 200_000 };
      expect(split(root, { rows: many, support: keepsLimits }).plan).toMatchObject({ keySets: [], held: [] });
    });

    test('are held with what they were joined with before', () => {
      const root = join(customers, few(join(orders, few(contacts), 'customer', 'person')), 'key', 'customer');
      const { plan } = split(root, {
        rows: { orders: 200, contacts: 4, customers: 1e7 },
        support: keepsLimits,
      });
      const [inner, outer] = plan.held;
      expect(plan.held.map(({ id }) => id)).toEqual(['h1', 'h2']);
      expect(inner?.relation).toMatchObject({ kind: 'limit', input: { kind: 'remote', fragment: 'f3' } });
      expect(outer && someRel(outer.relation, (rel) => rel.kind === 'remote' && rel.fragment === 'h1')).toBe(
        true,
      );
    });
  });

  test('come from the part of the producer that has them, where the rest would spare no more', () => {
    const root = join(orders, join(contacts, events, 'person', 'who'), 'customer', 'person');
    const { plan } = split(root, { rows: { ...rows, events: 1 } });
    const keySet = plan.keySets.find(({ keyColumns }) => keyColumns[0]?.name === 'person');
    const producer = keySet?.producer;
    const fragment = producer?.kind === 'remote' ? producer.fragment : undefined;
    expect(plan.fragments.find(({ id }) => id === fragment)?.sourceId).toBe('crm');
  });

  test('come from the whole producer where that has much fewer', () => {
    const picky = {
      kind: 'filter',
      input: events,
      predicates: [compare('=', column(events, 'what'), literal(bigint, '1'))],
    } as const;
    const root = join(orders, join(contacts, picky, 'person', 'who'), 'customer', 'person');
    const { plan } = split(root, { rows: { orders: 1e6, contacts: 900, events: 0.01 } });
    const keySet = plan.keySets.find(
      ({ consumer }) => plan.fragments.find(({ id }) => id === consumer)?.sourceId === 'shop',
    );
    expect(keySet?.producer.kind).toBe('join');
  });
});

test('two leaves with the same question read one answer', () => {
  const again = table('shop', 'orders', 71, ['id', 'customer', 'total']);
  const notPushed: Support = {
    ...supportsAll,
    node: (rel) => (rel.kind === 'join' ? { code: 'NOT_IN_CAPABILITIES', why: 'no' } : undefined),
  };
  const { plan } = split(join(orders, again, 'id', 'customer'), { support: notPushed });
  expect(plan.fragments).toHaveLength(1);
  if (plan.residual.kind !== 'relation' || plan.residual.relation.kind !== 'join') throw new Error('no join');
  const { left, right } = plan.residual.relation;
  expect([left, right].map((leaf) => (leaf.kind === 'remote' ? leaf.fragment : leaf.kind))).toEqual([
    'f1',
    'f1',
  ]);
  expect(outputOf(right).map((c) => c.id)).toEqual([71, 72, 73]);
});
