import { type Expr, type KeySetId, type Rel, type RemoteQueryRequest, rewriteRel } from '@tributary/contract';

/** The relation without the predicates of some key sets. Always correct: a key set only removes what a join removes. */
function stripKeySets(relation: Rel, dropped: ReadonlySet<KeySetId>): Rel {
  return rewriteRel(relation, (rel) => {
    if (rel.kind !== 'filter') return rel;
    const predicates = withoutKeySets(rel.predicates, dropped);
    if (predicates.length === rel.predicates.length) return rel;
    return predicates.length === 0 ? rel.input : { ...rel, predicates };
  });
}

/** The same for what a source was asked to plan. `rows` is the estimate without the key sets. */
export function stripRequest(
  request: RemoteQueryRequest,
  dropped: ReadonlySet<KeySetId>,
  rows: number,
): RemoteQueryRequest {
  const width = request.estimate.bytes / Math.max(1, request.estimate.rows);
  const common = {
    keySets: request.keySets.filter((keySet) => !dropped.has(keySet.id)),
    estimate: { rows, bytes: rows * width },
  };
  switch (request.kind) {
    case 'relational':
      return { ...request, ...common, relation: stripKeySets(request.relation, dropped) };
    case 'scan':
      return { ...request, ...common, filters: withoutKeySets(request.filters, dropped) };
  }
}

function withoutKeySets(predicates: readonly Expr[], dropped: ReadonlySet<KeySetId>): readonly Expr[] {
  return predicates.filter((expr) => expr.kind !== 'in-key-set' || !dropped.has(expr.keySet));
}
