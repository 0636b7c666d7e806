import type {
  JoinType,
  PlainCapabilities,
  Rel,
  RemoteQueryPlan,
  SqlCapabilities,
} from '@tributary/connector-sdk';
import { someRel } from '@tributary/connector-sdk';

/** How statements name the tables. */
export interface ProbeTables {
  readonly a: string;
  readonly b: string;
  /** Large, and `id` is its key. */
  readonly many: string;
  /** Of another source. */
  readonly local: string;
}

/** A capability, a statement that wants it, and how to see in the source's plan that it is used. */
export interface Probe {
  readonly name: string;
  readonly sql: (tables: ProbeTables) => string;
  readonly ordered?: boolean;
  /** The statement reads another source too, so that not all of it can run at this one. */
  readonly acrossSources?: boolean;
  readonly sqlDeclares: (capabilities: SqlCapabilities) => boolean;
  /** Absent: a plain source never does it. */
  readonly plainDeclares?: (capabilities: PlainCapabilities) => boolean;
  readonly uses: (plan: RemoteQueryPlan) => boolean;
  /** Rows that the source sends at most where it uses it; default: no bound. */
  readonly mostRows?: number;
}

function relational(test: (rel: Rel) => boolean): (plan: RemoteQueryPlan) => boolean {
  return ({ request }) => request.kind === 'relational' && someRel(request.relation, test);
}

function join(type: JoinType, sql: Probe['sql']): Probe {
  return {
    name: `${type}-join`,
    sql,
    sqlDeclares: ({ joins }) => joins.includes(type),
    uses: relational((rel) => (rel.kind === 'join' || rel.kind === 'dependent-join') && rel.type === type),
  };
}

function setOperation(op: 'union' | 'except' | 'intersect', all: boolean): Probe {
  const name = all ? (`${op}-all` as const) : op;
  return {
    name,
    sql: ({ a, b }) => `SELECT k FROM ${a} ${op.toUpperCase()}${all ? ' ALL' : ''} SELECT k FROM ${b}`,
    sqlDeclares: ({ setOperations }) => setOperations.includes(name),
    uses: relational((rel) => rel.kind === 'set-operation' && rel.op === op && rel.all === all),
  };
}

function takes(filter: boolean, { request, residual }: RemoteQueryPlan): boolean {
  if (request.kind === 'relational')
    return filter && someRel(request.relation, (rel) => rel.kind === 'filter');
  return request.filters.length > residual.filters.length;
}

export const probes: readonly Probe[] = [
  {
    name: 'filter',
    sql: ({ a }) => `SELECT id, k FROM ${a} WHERE id = 17`,
    sqlDeclares: () => true,
    plainDeclares: ({ filters }) => filters !== undefined,
    uses: (plan) => takes(true, plan),
    mostRows: 1,
  },
  {
    name: 'projection',
    sql: ({ a }) => `SELECT id, k + 1 AS next FROM ${a}`,
    sqlDeclares: ({ dialect }) => dialect.functions.get('+') !== undefined,
    uses: relational(
      (rel) => rel.kind === 'project' && rel.columns.some(({ expr }) => expr.kind !== 'column'),
    ),
  },
  {
    name: 'aggregate',
    sql: ({ a }) => `SELECT k, count(*) AS n FROM ${a} GROUP BY k`,
    sqlDeclares: ({ aggregate }) => aggregate,
    uses: relational((rel) => rel.kind === 'aggregate'),
    mostRows: 8,
  },
  {
    name: 'grouping-sets',
    sql: ({ a }) => `SELECT k, count(*) AS n FROM ${a} GROUP BY ROLLUP (k)`,
    sqlDeclares: ({ aggregate, groupingSets }) => aggregate && groupingSets,
    uses: relational((rel) => rel.kind === 'aggregate' && rel.groupingSets !== undefined),
    mostRows: 9,
  },
  {
    name: 'distinct',
    sql: ({ a }) => `SELECT DISTINCT k FROM ${a}`,
    sqlDeclares: ({ distinct }) => distinct,
    uses: relational((rel) => rel.kind === 'distinct' && rel.on === undefined),
    mostRows: 8,
  },
  {
    name: 'distinct-on',
    sql: ({ a }) => `SELECT DISTINCT ON (k) k, id FROM ${a} ORDER BY k, id`,
    sqlDeclares: ({ distinctOn }) => distinctOn,
    uses: relational((rel) => rel.kind === 'distinct' && rel.on !== undefined),
    mostRows: 8,
  },
  {
    name: 'window',
    sql: ({ a }) => `SELECT id, row_number() OVER (PARTITION BY k ORDER BY id) AS n FROM ${a}`,
    sqlDeclares: ({ window }) => window,
    uses: relational((rel) => rel.kind === 'window'),
  },
  {
    name: 'top-n',
    sql: ({ a }) => `SELECT id, k FROM ${a} ORDER BY id DESC LIMIT 5`,
    ordered: true,
    sqlDeclares: ({ sort, limit }) => sort && limit,
    uses: relational((rel) => rel.kind === 'limit' && rel.input.kind === 'sort'),
    mostRows: 5,
  },
  {
    name: 'limit',
    sql: ({ a }) => `SELECT count(*) FROM (SELECT id FROM ${a} LIMIT 5) AS l`,
    sqlDeclares: ({ limit }) => limit,
    plainDeclares: ({ limit }) => limit !== 'none',
    uses: ({ request, residual }) =>
      request.kind === 'relational'
        ? someRel(request.relation, (rel) => rel.kind === 'limit')
        : request.limit !== undefined && (!residual.limit || request.filters.length === 0),
  },
  {
    name: 'offset',
    sql: ({ a }) => `SELECT count(*) FROM (SELECT id FROM ${a} LIMIT 5 OFFSET 46) AS l`,
    sqlDeclares: ({ limit, offset }) => limit && offset,
    plainDeclares: ({ limit, offset }) => limit !== 'none' && offset,
    uses: ({ request, residual }) =>
      request.kind === 'relational'
        ? someRel(request.relation, (rel) => rel.kind === 'limit' && rel.offset !== undefined)
        : request.offset !== undefined && !residual.limit,
  },
  {
    name: 'with',
    sql: ({ a }) =>
      `WITH w AS MATERIALIZED (SELECT k, count(*) AS n FROM ${a} GROUP BY k) SELECT x.k, y.n FROM w x JOIN w y ON x.k = y.n`,
    sqlDeclares: (capabilities) => capabilities.with && capabilities.aggregate,
    uses: relational((rel) => rel.kind === 'with'),
  },
  {
    name: 'dependent-join',
    sql: ({ a, b }) =>
      `SELECT x.id, (SELECT y.k FROM ${b} y WHERE y.id < x.k ORDER BY y.id DESC LIMIT 1) AS k FROM ${a} x`,
    sqlDeclares: ({ dependentJoin }) => dependentJoin,
    uses: relational((rel) => rel.kind === 'dependent-join'),
  },
  {
    name: 'key-set',
    acrossSources: true,
    sql: ({ many, local }) =>
      `SELECT x.id, y.id FROM ${local} x JOIN ${many} y ON y.id = x.b WHERE x.id < 12`,
    sqlDeclares: ({ keySets }) => keySets !== undefined,
    plainDeclares: ({ keySets, filters }) => keySets !== undefined && filters !== undefined,
    uses: ({ request }) => request.keySets.length > 0,
    mostRows: 12,
  },
  join('inner', ({ a, b }) => `SELECT x.id, y.k FROM ${a} x JOIN ${b} y ON x.id = y.id`),
  join('left', ({ a, b }) => `SELECT x.id, y.k FROM ${a} x LEFT JOIN ${b} y ON x.k = y.id`),
  join('right', ({ a, b }) => `SELECT y.id, x.k FROM ${a} x RIGHT JOIN ${b} y ON x.id = y.k`),
  join('full', ({ a, b }) => `SELECT x.id, y.id FROM ${a} x FULL JOIN ${b} y ON x.k = y.k`),
  join('semi', ({ a, b }) => `SELECT id FROM ${a} x WHERE EXISTS (SELECT 1 FROM ${b} y WHERE y.k = x.k)`),
  join('anti', ({ a, b }) => `SELECT id FROM ${a} x WHERE NOT EXISTS (SELECT 1 FROM ${b} y WHERE y.k = x.k)`),
  join('mark', ({ a, b }) => `SELECT id, k IN (SELECT k FROM ${b} WHERE id < 20) AS found FROM ${a}`),
  join(
    'single',
    ({ a, b }) => `SELECT id, (SELECT y.k FROM ${b} y WHERE y.k = x.k AND y.id < 1) AS k FROM ${a} x`,
  ),
  ...(['union', 'except', 'intersect'] as const).flatMap((op) => [
    setOperation(op, false),
    setOperation(op, true),
  ]),
];
