import { type Expr, type Rel, type Scan, typeOf } from '@tributary/connector-sdk';
import { ConformanceError } from '../suite/conformance-error.js';
import type { RegisterTest } from '../suite/conformance-options.js';
import { aggregateCases, aggregateRelations } from './cases/aggregate-cases.js';
import { castCases } from './cases/cast-cases.js';
import { comparisonCases } from './cases/comparison-cases.js';
import { callOf, titleOf } from './cases/function-case.js';
import { functionCases } from './cases/function-cases.js';
import { groupRelations, orderRelations } from './cases/order-cases.js';
import { windowCases, windowRelation } from './cases/window-cases.js';
import { disagreements } from './disagreements.js';
import { ref, withColumns } from './expressions.js';
import { type CompareAs, HostileEngines } from './hostile-engines.js';
import type { HostileServer } from './hostile-server.js';
import type { Named } from './named-expr.js';

export interface DialectOptions<Type extends string> {
  readonly test: RegisterTest;
  /** Any runner's way to do something before all tests, and after them: `beforeAll` and `afterAll`, `before` and `after`. */
  readonly before: (run: () => Promise<void>) => unknown;
  readonly after: (run: () => Promise<void>) => unknown;
  readonly open: () => Promise<HostileServer<Type>>;
  readonly types: readonly Type[];
  /** The types whose comparisons, whose order and whose groups the dialect keeps: for all others they must be pushed. */
  readonly kept?: {
    readonly comparisons?: readonly Type[];
    readonly order?: readonly Type[];
    readonly groups?: readonly Type[];
  };
  /** Functions and operators that have a value for some arguments with which DuckDB fails. */
  readonly answersMore?: readonly string[];
}

/**
 * Registers tests that hold everything which a SQL source's dialect says it can do against DuckDB, to the last bit: functions, casts,
 * comparisons, order, groups, aggregates and window functions, over all pairs of the values at which databases differ.
 * Every function of the dialect must have been tried.
 */
export function describeDialect<Type extends string>(options: DialectOptions<Type>): void {
  const { test, before, after, types, kept = {}, answersMore = [] } = options;
  let opened: HostileEngines<Type> | undefined;
  before(async () => {
    opened = await HostileEngines.over(await options.open(), types);
  });
  after(async () => opened?.[Symbol.asyncDispose]());

  const engines = (): HostileEngines<Type> => {
    if (opened === undefined) throw new ConformanceError('The server was not opened.');
    return opened;
  };
  const forEach = (title: string, check: (type: Type, scan: Scan) => Promise<void>): void => {
    for (const type of types) test(`${title} ${type}`, () => check(type, engines().scan(type)));
  };
  const compareAll = async (relations: readonly Rel[], as: CompareAs): Promise<void> => {
    for (const relation of relations) {
      const native = engines().native(relation);
      if (native !== undefined) none(await engines().differences(relation, as), native);
    }
  };

  forEach('functions of', async (_, scan) =>
    none(await disagreements(engines(), scan, namedCalls(scan, answersMore))),
  );
  forEach('casts of', async (_, scan) => none(await disagreements(engines(), scan, castCases(scan))));
  forEach('comparisons of', async (type, scan) => {
    const cases = comparisonCases(scan);
    const isKept = cases.every(({ expr }) => !isPlanned(engines(), scan, expr));
    same('comparisons', type, isKept, kept.comparisons);
    none(await disagreements(engines(), scan, cases));
  });
  forEach('order of', async (type, scan) => {
    const relations = orderRelations(scan);
    same(
      'order',
      type,
      relations.every((each) => engines().native(each) === undefined),
      kept.order,
    );
    await compareAll(relations, { ordered: true, oneZero: true });
  });
  forEach('groups of', async (type, scan) => {
    const relations = groupRelations(scan);
    same(
      'groups',
      type,
      relations.every((each) => engines().native(each) === undefined),
      kept.groups,
    );
    await compareAll(relations, { oneZero: true });
  });
  forEach('aggregates of', async (_, scan) => {
    const type = typeOf(ref(scan, 'a'));
    for (const each of aggregateCases(type)) {
      const relations = aggregateRelations(scan, each, engines().dialect.groupable(type));
      await compareAll(relations, { oneZero: true, rounded: each.result.id === 'double' });
    }
  });
  test('window functions', async () => {
    for (const type of types) {
      const scan = engines().scan(type);
      if (typeOf(ref(scan, 'a')).id !== 'varchar') continue;
      for (const each of windowCases) await compareAll([windowRelation(scan, each)], {});
    }
  });
  test('every function was tried', async () => none(untried(engines(), types)));
}

function namedCalls(scan: Scan, answersMore: readonly string[]): readonly Named[] {
  const a = ref(scan, 'a');
  return functionCases(typeOf(a)).map((each) => ({
    name: titleOf(each),
    expr: callOf(each, a, ref(scan, 'b')),
    mayAnswerMore: answersMore.includes(each.fn),
  }));
}

/** What the dialect has a rule for, and none of the cases uses. */
function untried<Type extends string>(
  engines: HostileEngines<Type>,
  types: readonly Type[],
): readonly string[] {
  const { functions, aggregates, windowFunctions } = engines.dialect;
  const tried = new Set(['count_star']);
  for (const type of types) {
    const scan = engines.scan(type);
    const [a, b] = [ref(scan, 'a'), ref(scan, 'b')];
    for (const each of functionCases(typeOf(a))) {
      if (!tried.has(each.fn) && isPlanned(engines, scan, callOf(each, a, b))) tried.add(each.fn);
    }
    for (const each of aggregateCases(typeOf(a))) {
      const relations = aggregateRelations(scan, each, false);
      if (relations.some((relation) => engines.native(relation) !== undefined)) tried.add(each.fn);
    }
    if (typeOf(a).id !== 'varchar') continue;
    for (const each of windowCases) {
      if (engines.native(windowRelation(scan, each)) !== undefined) tried.add(each.fn);
    }
  }
  const declared = [functions, aggregates, windowFunctions].flatMap((rules) =>
    rules instanceof Map ? [...rules.keys()].map(String) : [],
  );
  return declared.filter((fn) => !tried.has(fn)).map((fn) => `${fn} is declared, and no case tries it`);
}

function isPlanned<Type extends string>(engines: HostileEngines<Type>, scan: Scan, expr: Expr): boolean {
  return engines.native(withColumns(scan, [{ name: 'x', expr }])) !== undefined;
}

function same<Type extends string>(
  what: string,
  type: Type,
  isKept: boolean,
  expected: readonly Type[] = [],
): void {
  if (isKept === expected.includes(type)) return;
  throw new ConformanceError(
    isKept ? `The dialect keeps the ${what} of ${type}.` : `The dialect pushes the ${what} of ${type}.`,
  );
}

const mostShown = 20;

function none(differences: readonly string[], native = ''): void {
  if (differences.length === 0) return;
  const shown = differences.slice(0, mostShown);
  const left = differences.length - shown.length;
  throw new ConformanceError([...shown, ...(left > 0 ? [`and ${left} more`] : []), native].join('\n'));
}
