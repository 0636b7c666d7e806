import { TributaryError } from '@tributary/contract/errors';
import { type ColumnId, type Expr, type Rel, outputOf, plain, rewriteRel } from '@tributary/contract/plan';
import type { Refusal } from '@tributary/contract/render';
import type { Decision, FederatedDataSourceInfo, IFederatedDataSource } from '@tributary/contract/source';
import type { Fragment, HeldRelation, KeySetEdge, PushdownMode, Residual } from '../plan/federated-plan.js';
import type { SplitCosts } from './cost-model.js';
import { type Describe, decisionsOf } from './decisions.js';
import { type DraftFragment, FragmentCutter } from './fragments.js';
import { type KeySetPlan, planKeySets } from './key-sets.js';
import { type Support, placePlan } from './placement.js';
import { type Sizes, planRemote } from './remote-plan.js';
import { shareFragments } from './share-fragments.js';

export interface SplitContext {
  readonly mode: PushdownMode;
  readonly source: (id: string) => IFederatedDataSource;
  readonly costs: SplitCosts;
  readonly support: Support;
  readonly newId: () => ColumnId;
  /** The optimiser's filter pushdown, for the predicates of key sets. */
  readonly pushDownFilters: (rel: Rel) => Rel;
  readonly describe: Describe;
}

export interface SplitPlan {
  readonly fragments: readonly Fragment[];
  readonly keySets: readonly KeySetEdge[];
  readonly held: readonly HeldRelation[];
  readonly residual: Exclude<Residual, { kind: 'text' }>;
  readonly decisions: readonly Decision[];
}

/**
 * Splits an optimised plan into fragments, key sets and a residual.
 * @throws TributaryError PLAN.PUSHDOWN_REQUIRED in mode `require`
 */
export function splitPlan(root: Rel, context: SplitContext): SplitPlan {
  const { costs, support, mode } = context;
  const info = (source: string): FederatedDataSourceInfo => context.source(source).getInfo();
  const reasons = new Map<Rel | Expr, Refusal>();
  const cutter = new FragmentCutter(costs);
  const placed = placePlan(root, {
    mode,
    costs,
    support,
    info,
    cut: (rel, source) => cutter.cut(rel, source),
    note: (piece, refusal) => reasons.set(piece, refusal),
  });
  if (placed.whole !== undefined) {
    return wholePlan(cutter.whole(placed.whole.rel, placed.whole.source), reasons, context);
  }
  const cut = cutter.finish(placed.rel);
  const keyed: KeySetPlan =
    mode === 'off'
      ? { ...cut, edges: [], held: [] }
      : planKeySets(cut.residual, cut.fragments, {
          costs,
          newId: context.newId,
          info,
          pushDown: context.pushDownFilters,
          supports: (predicate, input, source) =>
            support.predicate(predicate, input, info(source)) === undefined,
        });
  // The reasons were noted for the nodes as they were placed, before their leaves were narrowed.
  const decisions = decisionsOf(
    placed.rel,
    keyed.fragments.filter(speaksSql(info)),
    reasons,
    context.describe,
  );
  return complete(shareFragments(keyed, speaksSql(info)), decisions, context);
}

/** One source runs everything; unless it hands something back, its answer is the answer. */
function wholePlan(
  draft: DraftFragment,
  reasons: ReadonlyMap<Rel | Expr, Refusal>,
  context: SplitContext,
): SplitPlan {
  const info = (source: string): FederatedDataSourceInfo => context.source(source).getInfo();
  const decisions = decisionsOf(undefined, [draft].filter(speaksSql(info)), reasons, context.describe);
  const leaf: Rel = { kind: 'remote', fragment: draft.id, columns: outputOf(draft.relation).map(plain) };
  const plan = complete({ fragments: [draft], edges: [], held: [], residual: leaf }, decisions, context);
  return plan.residual.kind === 'relation' && plan.residual.relation.kind === 'remote'
    ? { ...plan, residual: { kind: 'none', fragment: draft.id } }
    : plan;
}

function speaksSql(info: (source: string) => FederatedDataSourceInfo): (draft: DraftFragment) => boolean {
  return (draft) => info(draft.source).capabilities.kind === 'sql';
}

function complete(
  { fragments: drafts, edges, held, residual }: KeySetPlan,
  decisions: readonly Decision[],
  context: SplitContext,
): SplitPlan {
  const { costs } = context;
  const completions = new Map<string, (leaf: Rel) => Rel>();
  const sizes: Sizes = {
    estimate: (rel) => {
      const rows = costs.rows(rel);
      return { rows: Math.round(rows), bytes: Math.round(rows * costs.rowBytes(rel)) };
    },
    keys: (id) => edges.find((edge) => edge.id === id)?.estimate.keys ?? 0,
  };
  const fragments = drafts.map((draft): Fragment => {
    const remote = planRemote(context.source(draft.source), draft.relation, sizes);
    completions.set(draft.id, remote.complete);
    return {
      id: draft.id,
      sourceId: draft.source,
      relation: remote.relation,
      columns: remote.plan.columns,
      remote: remote.plan,
      estimate: remote.estimate,
      statistics: costs.origin(remote.relation),
    };
  });
  const withLeaves = (rel: Rel): Rel =>
    rewriteRel(rel, (node) =>
      node.kind === 'remote' ? (completions.get(node.fragment)?.(node) ?? node) : node,
    );
  const all = [...decisions, ...fragments.flatMap((fragment) => fragment.remote.decisions)];
  if (context.mode === 'require') requirePushed(all);
  return {
    fragments,
    keySets: edges.map((edge) => ({ ...edge, producer: withLeaves(edge.producer) })),
    held: held.map((each) => ({ ...each, relation: withLeaves(each.relation) })),
    residual: { kind: 'relation', relation: withLeaves(residual) },
    decisions: all,
  };
}

/** In mode `require` only what spans sources may stay: everything that one source could be asked must run there. */
function requirePushed(decisions: readonly Decision[]): void {
  const kept = decisions.find(
    (d) => d.outcome === 'kept' && d.code !== 'CROSS_SOURCE' && d.code !== 'INPUT_KEPT',
  );
  if (kept === undefined) return;
  throw new TributaryError('PLAN.PUSHDOWN_REQUIRED', {
    message: `The ${kept.piece} "${kept.text}" cannot run in its source (${kept.code}): ${kept.why}`,
    object: kept.text,
  });
}
