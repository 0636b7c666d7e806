import type { Decision, RemoteQueryPlan, SourceCapabilities } from '@tributary/connector-sdk';
import { answer } from '../run/answer.js';
import { sameEverywhere } from '../run/compare-with-oracle.js';
import type { Check } from '../suite/check.js';
import { ConformanceError, expect } from '../suite/conformance-error.js';
import type { Traffic } from '../suite/hooks.js';
import type { World } from '../world/world.js';
import { type Probe, probes } from './capability-probes.js';

/** A catalogue may have to be read, and a transaction opened. */
const mostStatements = 20;

export const capabilityChecks: readonly Check[] = [
  ...probes.map((probe): Check => ({
    id: `capabilities.${probe.name}`,
    title: `${probe.name}: pushed where it is declared, kept where it is not, and the same answer`,
    run: (world) => checkProbe(world, probe),
  })),
  {
    id: 'capabilities.decisions',
    title: 'what a plan says of a filter is what the plan does',
    run: checkDecisions,
  },
  {
    id: 'capabilities.traffic',
    title: 'what is pushed down does not cross the wire',
    needs: 'traffic',
    run: checkTraffic,
  },
];

async function checkProbe(world: World, probe: Probe): Promise<void> {
  const { capabilities } = world.source.getInfo();
  const declared = declares(probe, capabilities);
  const sql = probe.sql({
    a: world.tested('a'),
    b: world.tested('b'),
    many: world.tested('many'),
    local: world.local('a'),
  });
  await sameEverywhere(world, { sql, ordered: probe.ordered ?? false });
  world.observed.takeExecuted();
  // A source that declares it must be able to; whether it is worth it is not the question.
  const pushdown =
    declared && capabilities.kind === 'sql' && probe.acrossSources !== true ? 'require' : 'auto';
  const plan = await world.engine.explain(sql, { analyze: true, pushdown }).catch((cause: unknown) => {
    throw new ConformanceError(
      `${probe.name} is declared, but not pushed to the source\n${sql}\n${String(cause)}`,
      {
        cause,
      },
    );
  });
  const executed = world.observed.takeExecuted();
  const used = executed.some(probe.uses);
  const text = `${sql}\n${executed.map(({ native }) => native).join('\n')}\n${decisionsText(plan.decisions)}`;
  if (!declared) {
    expect(!used, `${probe.name} is not declared, and asked of the source\n${text}`);
    return;
  }
  expect(used, `${probe.name} is declared, but not pushed to the source\n${text}`);
  const fetched = plan.fragments
    .filter(({ sourceId }) => sourceId === world.source.sourceId)
    .reduce((sum, { actual }) => sum + (actual?.rows ?? 0), 0);
  const most = probe.mostRows ?? Infinity;
  expect(
    fetched <= most,
    `${probe.name} is pushed, but the source sends ${fetched} rows, not ${most}\n${text}`,
  );
}

function declares(probe: Probe, capabilities: SourceCapabilities): boolean {
  return capabilities.kind === 'sql'
    ? probe.sqlDeclares(capabilities)
    : (probe.plainDeclares?.(capabilities) ?? false);
}

function decisionsText(decisions: readonly Decision[]): string {
  return decisions
    .map(({ piece, outcome, code, text }) => `${outcome} ${piece} ${text} (${code})`)
    .join('\n');
}

/** A source gives decisions of its own where it is plain; they must agree with what it took. */
async function checkDecisions(world: World): Promise<void> {
  world.observed.takeExecuted();
  const table = world.tested('a');
  for (const condition of ['id = 17', 'k < 3', `t = 'a'`, `t LIKE 'a%'`, 'k IS NULL', 'k IN (1, 2)']) {
    await sameEverywhere(world, { sql: `SELECT id FROM ${table} WHERE ${condition} AND id < 40` }, ['auto']);
  }
  for (const plan of world.observed.takeExecuted()) checkPlan(plan);
}

function checkPlan({ request, residual, decisions, native }: RemoteQueryPlan): void {
  if (request.kind === 'relational') {
    expect(
      residual.filters.length === 0 && !residual.limit,
      `a relational plan leaves a residual\n${native}`,
    );
    return;
  }
  const given = new Set(request.filters);
  const strange = residual.filters.filter((filter) => !given.has(filter));
  expect(
    strange.length === 0,
    `the residual has filters that were not in the request\n${JSON.stringify(strange)}`,
  );
  const filters = decisions.filter(({ piece }) => piece === 'filter');
  const kept = filters.filter(({ outcome }) => outcome === 'kept').length;
  expect(
    filters.length === 0 || kept === residual.filters.length,
    `${residual.filters.length} filters are handed back, and decisions tell of ${kept} kept\n${decisionsText(decisions)}`,
  );
}

/** A pushed filter moves far less than the whole table, in few statements. */
async function checkTraffic(world: World): Promise<void> {
  const table = world.tested('many');
  const { capabilities } = world.source.getInfo();
  if (capabilities.kind === 'plain' && capabilities.filters === undefined) return;
  const filtered = await traffic(world, `SELECT id, payload FROM ${table} WHERE id = 77`);
  const whole = await traffic(world, `SELECT id, payload FROM ${table}`);
  expect(
    filtered.bytes < whole.bytes / 4 || filtered.bytes === 0,
    `one row by its key takes ${filtered.bytes} bytes from the server, the whole table ${whole.bytes}`,
  );
  expect(
    filtered.statements <= mostStatements,
    `one row by its key takes ${filtered.statements} statements, not ${mostStatements} at most`,
  );
}

/** What a statement makes the server send; 0 where the hook does not count it. */
async function traffic(world: World, sql: string): Promise<Required<Traffic>> {
  const count = async (): Promise<Required<Traffic>> => ({
    bytes: 0,
    statements: 0,
    ...(await world.subject.hooks?.traffic?.()),
  });
  const before = await count();
  await answer(world.engine, sql);
  const after = await count();
  return { bytes: after.bytes - before.bytes, statements: after.statements - before.statements };
}

/** Which of the capabilities that the suite knows a source declares. */
export function declaredCapabilities(capabilities: SourceCapabilities): readonly string[] {
  return probes.filter((probe) => declares(probe, capabilities)).map(({ name }) => name);
}
