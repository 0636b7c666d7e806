import { type Rel, fingerprint, rewriteRel } from '@tributary/contract/plan';
import type { FragmentId } from '../plan/federated-plan.js';
import type { DraftFragment } from './fragments.js';
import type { KeySetPlan } from './key-sets.js';

/**
 * Lets leaves that ask a source the same question read one answer: TPC-H q18 reads `lineitem` twice, its sources send it
 * once. A leaf takes a fragment's columns by position, so it keeps its own column ids. A fragment that a key set cuts is a
 * question of its own.
 *
 * @param sends whether a source sends what it is asked for; one whose files DuckDB reads in place has nothing to send twice
 */
export function shareFragments(plan: KeySetPlan, sends: (fragment: DraftFragment) => boolean): KeySetPlan {
  const { fragments, residual, edges, held } = plan;
  const cut = new Set(edges.map((edge) => edge.consumer));
  const kept = new Map<string, DraftFragment>();
  const instead = new Map<FragmentId, FragmentId>();
  for (const fragment of fragments) {
    const shareable = sends(fragment) && !cut.has(fragment.id);
    const question = JSON.stringify(
      shareable ? [fragment.source, fingerprint(fragment.relation)] : [fragment.id],
    );
    const same = kept.get(question);
    if (same === undefined) kept.set(question, fragment);
    else instead.set(fragment.id, same.id);
  }
  if (instead.size === 0) return plan;
  const redirect = (rel: Rel): Rel =>
    rewriteRel(rel, (node) => {
      const id = node.kind === 'remote' ? instead.get(node.fragment) : undefined;
      return node.kind === 'remote' && id !== undefined ? { ...node, fragment: id } : node;
    });
  return {
    fragments: [...kept.values()],
    residual: redirect(residual),
    edges: edges.map((edge) => ({ ...edge, producer: redirect(edge.producer) })),
    held: held.map((each) => ({ ...each, relation: redirect(each.relation) })),
  };
}
