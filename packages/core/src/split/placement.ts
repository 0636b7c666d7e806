import type { Refusal } from '@tributary/contract/render';
import type { FederatedDataSourceInfo } from '@tributary/contract/source';
import {
  type DependentJoin,
  type Expr,
  type Filter,
  type Rel,
  type With,
  inputsOf,
  mapInputs,
} from '@tributary/contract/plan';
import type { PushdownMode } from '../plan/federated-plan.js';
import type { SplitCosts } from './cost-model.js';
import { reason } from './reason-codes.js';

/** Whether a source can run a node over inputs that it runs too, and one predicate of a filter. */
export interface Support {
  node(rel: Rel, source: FederatedDataSourceInfo): Refusal | undefined;
  predicate(predicate: Expr, input: Rel, source: FederatedDataSourceInfo): Refusal | undefined;
}

export interface PlacementContext {
  readonly mode: PushdownMode;
  readonly costs: SplitCosts;
  readonly support: Support;
  readonly info: (source: string) => FederatedDataSourceInfo;
  /** Makes a fragment of a relation; returns the leaf (with what was peeled off on top) that stands for it. */
  readonly cut: (rel: Rel, source: string) => Rel;
  /** Notes why a node or predicate of the residual is there. */
  readonly note: (piece: Rel | Expr, refusal: Refusal) => void;
}

/** A relation that one source can run whole, and the milliseconds of its work there. */
interface RemoteWay {
  readonly rel: Rel;
  readonly source: string;
  readonly work: number;
}

/** A relation that DuckDB runs, and the milliseconds of it and of all fragments below. */
interface LocalWay {
  readonly rel: () => Rel;
  readonly cost: number;
}

/** The two ways to run a subtree; the choice falls where both can be compared, as high in the plan as possible. */
interface Ways {
  readonly remote?: RemoteWay;
  readonly local?: LocalWay;
}

/** Where references to enclosing CTEs and dependent joins may run: in a source, or (undefined) here. */
interface Scope {
  readonly ctes: ReadonlyMap<number, string | undefined>;
  readonly dependents: ReadonlyMap<number, string | undefined>;
}

const crossSource = reason('CROSS_SOURCE');
const belowIsLocal = reason('INPUT_KEPT');
const cheaperHere = reason('COST_KEPT');
const pushdownOff = reason('PUSHDOWN_OFF');

/**
 * Decides what runs where: for each subtree the cheaper of "the source runs it whole" and "the engine runs the top node
 * over the best ways of its inputs". Linear in the plan, but for CTEs and dependent joins, which are tried both ways.
 */
export function placePlan(
  root: Rel,
  context: PlacementContext,
): { readonly whole?: RemoteWay; readonly rel: Rel } {
  const { remote, local } = place(root, { ctes: new Map(), dependents: new Map() }, context);
  const residual = local && { ...local, cost: local.cost + context.costs.residualMs };
  const chosen = choose({ ...(remote && { remote }), ...(residual && { local: residual }) }, context);
  return chosen.remote === undefined
    ? { rel: chosen.local.rel() }
    : { whole: chosen.remote, rel: chosen.remote.rel };
}

type Chosen =
  | { readonly remote: RemoteWay; readonly cost: number }
  | { readonly remote?: undefined; readonly local: LocalWay; readonly cost: number };

function choose(ways: Ways, context: PlacementContext): Chosen {
  const { remote, local } = ways;
  const remoteCost =
    remote === undefined ? Infinity : remote.work + context.costs.transfer(remote.rel, remote.source);
  if (
    remote !== undefined &&
    (local === undefined || context.mode === 'require' || remoteCost <= local.cost)
  ) {
    return { remote, cost: remoteCost };
  }
  if (local === undefined) throw new Error('a subtree can run nowhere');
  return { local, cost: local.cost };
}

/** The subtree as an input of a node that the engine runs. */
function asInput(ways: Ways, context: PlacementContext): LocalWay {
  const chosen = choose(ways, context);
  if (chosen.remote === undefined) return chosen.local;
  const { rel, source } = chosen.remote;
  return { rel: () => context.cut(rel, source), cost: chosen.cost };
}

function place(rel: Rel, scope: Scope, context: PlacementContext): Ways {
  switch (rel.kind) {
    case 'scan': {
      const work = context.costs.sourceWork(rel, rel.source);
      return { remote: { rel, source: rel.source, work } };
    }
    case 'values':
    case 'remote':
      return { local: { rel: () => rel, cost: 0 } };
    case 'cte-ref':
      return reference(rel, scope.ctes.get(rel.cte));
    case 'dependent-scan':
      return reference(rel, scope.dependents.get(rel.join));
    case 'with':
      return placeWith(rel, scope, context);
    case 'dependent-join':
      return placeDependentJoin(rel, scope, context);
    case 'filter':
      return placeFilter(rel, place(rel.input, scope, context), context);
    case 'project':
    case 'aggregate':
    case 'join':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
      return placeNode(
        rel,
        inputsOf(rel).map((input) => place(input, scope, context)),
        context,
      );
  }
}

function reference(rel: Rel, source: string | undefined): Ways {
  return source === undefined ? { local: { rel: () => rel, cost: 0 } } : { remote: { rel, source, work: 0 } };
}

function placeNode(rel: Rel, inputs: readonly Ways[], context: PlacementContext): Ways {
  const remote = remoteWay(rel, inputs, context);
  const ways = inputs.map((input) => asInput(input, context));
  const why = 'code' in remote ? remote : cheaperHere;
  const local: LocalWay = {
    cost: ways.reduce((sum, way) => sum + way.cost, context.costs.localWork(rel)),
    rel: () => {
      let next = 0;
      const rebuilt = mapInputs(rel, (input) => ways[next++]?.rel() ?? input);
      context.note(rebuilt, why);
      return rebuilt;
    },
  };
  return 'code' in remote ? { local } : { remote, local };
}

/** The node in the source that runs all of its inputs, or why not. */
function remoteWay(rel: Rel, inputs: readonly Ways[], context: PlacementContext): RemoteWay | Refusal {
  const [first] = inputs;
  const source = first?.remote?.source;
  const remotes = inputs.map((input) => input.remote);
  if (source === undefined || remotes.some((remote) => remote === undefined)) return belowIsLocal;
  const info = context.info(source);
  if (remotes.some((r) => r !== undefined && context.info(r.source).computeContext !== info.computeContext)) {
    return crossSource;
  }
  if (context.mode === 'off') return pushdownOff;
  let next = 0;
  const node = mapInputs(rel, (input) => remotes[next++]?.rel ?? input);
  const refusal = context.support.node(node, info);
  if (refusal !== undefined) return refusal;
  const work = remotes.reduce((sum, r) => sum + (r?.work ?? 0), context.costs.sourceWork(node, source));
  return { rel: node, source, work };
}

/** A filter is split by conjunct: what the source can say goes there, the rest stays above it. */
function placeFilter(rel: Filter, input: Ways, context: PlacementContext): Ways {
  const { remote, local } = input;
  const refusals = predicateRefusals(rel, remote, context);
  const pushed = rel.predicates.filter((predicate) => !refusals.has(predicate));
  const kept = rel.predicates.filter((predicate) => refusals.has(predicate));
  const filterHere = (predicates: readonly Expr[], below: LocalWay): LocalWay => ({
    cost: below.cost + context.costs.localWork(rel),
    rel: () => {
      for (const predicate of predicates) context.note(predicate, refusals.get(predicate) ?? belowIsLocal);
      return { kind: 'filter', input: below.rel(), predicates };
    },
  });
  // All of it here, over the input's own local way: the source may be worse at what is below than at filtering.
  const wholly = local && filterHere(rel.predicates, local);
  if (remote === undefined) return { ...(wholly && { local: wholly }) };
  const filtered =
    pushed.length === 0
      ? remote
      : withWork({ ...rel, input: remote.rel, predicates: pushed }, remote, context);
  if (kept.length === 0) return { remote: filtered, ...(wholly && { local: wholly }) };
  const partly = filterHere(kept, asInput({ remote: filtered }, context));
  return { local: wholly !== undefined && wholly.cost < partly.cost ? wholly : partly };
}

/** The predicates that have to stay, and why. */
function predicateRefusals(
  rel: Filter,
  remote: RemoteWay | undefined,
  context: PlacementContext,
): ReadonlyMap<Expr, Refusal> {
  const refusals = new Map<Expr, Refusal>();
  for (const predicate of rel.predicates) {
    const refusal = predicateRefusal(predicate, remote, context);
    if (refusal !== undefined) refusals.set(predicate, refusal);
  }
  return refusals;
}

function predicateRefusal(
  predicate: Expr,
  remote: RemoteWay | undefined,
  context: PlacementContext,
): Refusal | undefined {
  if (remote === undefined) return belowIsLocal;
  if (context.mode === 'off') return pushdownOff;
  return context.support.predicate(predicate, remote.rel, context.info(remote.source));
}

function withWork(rel: Rel, below: RemoteWay, context: PlacementContext): RemoteWay {
  return { rel, source: below.source, work: below.work + context.costs.sourceWork(rel, below.source) };
}

/** A CTE goes to a source only whole, with all its references; else each side is placed by itself. */
function placeWith(rel: With, scope: Scope, context: PlacementContext): Ways {
  const definition = place(rel.definition, scope, context);
  const source = definition.remote?.source;
  const inScope = (where: string | undefined): Scope => ({
    ...scope,
    ctes: new Map([...scope.ctes, [rel.id, where]]),
  });
  const here = placeNode(
    rel,
    [asLocal(definition, context), asLocal(place(rel.body, inScope(undefined), context), context)],
    context,
  );
  if (source === undefined) return here;
  const body = place(rel.body, inScope(source), context);
  return withRemote(here, remoteWay(rel, [definition, body], context));
}

function placeDependentJoin(rel: DependentJoin, scope: Scope, context: PlacementContext): Ways {
  const left = place(rel.left, scope, context);
  const source = left.remote?.source;
  const inScope = (where: string | undefined): Scope => ({
    ...scope,
    dependents: new Map([...scope.dependents, [rel.id, where]]),
  });
  const right = place(rel.right, inScope(undefined), context);
  const here = placeNode(rel, [asLocal(left, context), asLocal(right, context)], context);
  if (source === undefined) return here;
  return withRemote(here, remoteWay(rel, [left, place(rel.right, inScope(source), context)], context));
}

/** Forgets that the subtree could run in a source (its parent cannot). */
function asLocal(ways: Ways, context: PlacementContext): Ways {
  return { local: asInput(ways, context) };
}

function withRemote(ways: Ways, remote: RemoteWay | Refusal): Ways {
  return 'code' in remote ? ways : { ...ways, remote };
}
