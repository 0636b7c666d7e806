import { type Rel, inputsOf } from '@tributary/contract';
import { type OptimizeContext, domainOfSource } from '../context.js';

/** Where a relation could run: in one pushdown domain, anywhere (it reads no source), or only here (`mixed`). */
export type Placement =
  | { readonly kind: 'anywhere' | 'mixed' }
  | { readonly kind: 'domain'; readonly domain: string };

const anywhere: Placement = { kind: 'anywhere' };
const mixed: Placement = { kind: 'mixed' };

/** `ctes`: where the definitions of CTEs in scope could run. */
export function placementOf(
  rel: Rel,
  ctx: OptimizeContext,
  ctes: ReadonlyMap<number, Placement> = new Map(),
): Placement {
  switch (rel.kind) {
    case 'scan':
      return { kind: 'domain', domain: domainOfSource(rel.source, ctx) };
    case 'remote':
      return mixed;
    case 'cte-ref':
      return ctes.get(rel.cte) ?? mixed;
    case 'with': {
      const definition = placementOf(rel.definition, ctx, ctes);
      return both(definition, placementOf(rel.body, ctx, new Map([...ctes, [rel.id, definition]])));
    }
    case 'values':
    case 'dependent-scan':
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'join':
    case 'dependent-join':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'limit':
      return inputsOf(rel).reduce<Placement>((p, input) => both(p, placementOf(input, ctx, ctes)), anywhere);
  }
}

function both(a: Placement, b: Placement): Placement {
  if (a.kind === 'anywhere') return b;
  if (b.kind === 'anywhere') return a;
  return a.kind === 'domain' && b.kind === 'domain' && a.domain === b.domain ? a : mixed;
}
