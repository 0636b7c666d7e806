import { type Expr, type Rel, inputsOf, visitRel } from '@tributary/contract/plan';
import type { Refusal } from '@tributary/contract/render';
import type { Decision, PieceKind } from '@tributary/contract/source';
import type { DraftFragment } from './fragments.js';
import { reason } from './reason-codes.js';

/** Why pieces of the residual are there, by node or predicate. */
export type Reasons = ReadonlyMap<Rel | Expr, Refusal>;

/** Texts of expressions and operators, for people. */
export interface Describe {
  expr(expr: Expr): string;
  rel(rel: Rel): string;
}

const pushed = reason('PUSHED');
const unexplained = reason('INPUT_KEPT');

/**
 * One decision for each predicate, projection, aggregate, join, limit … of the plan.
 *
 * @param fragments those of SQL sources: a plain source gives its own decisions with its plan
 */
export function decisionsOf(
  residual: Rel | undefined,
  fragments: readonly DraftFragment[],
  reasons: Reasons,
  describe: Describe,
): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const fragment of fragments) {
    for (const { shown } of allPieces(fragment.relation, describe)) {
      decisions.push({ ...shown, outcome: 'pushed', ...pushed, sourceId: fragment.source });
    }
  }
  if (residual !== undefined) {
    for (const { shown, key, node } of allPieces(residual, describe)) {
      decisions.push({
        ...shown,
        outcome: 'kept',
        ...(reasons.get(key) ?? reasons.get(node) ?? unexplained),
      });
    }
  }
  return decisions;
}

function allPieces(root: Rel, describe: Describe): readonly (Piece & { readonly node: Rel })[] {
  const pieces: (Piece & { readonly node: Rel })[] = [];
  const inTopN = new Set<Rel>();
  visitRel(root, (node) => {
    // The sort below a limit is part of its top-N.
    if (node.kind === 'limit' && node.input.kind === 'sort') inTopN.add(node.input);
    if (!inTopN.has(node)) pieces.push(...piecesOf(node, describe).map((piece) => ({ ...piece, node })));
  });
  return pieces;
}

interface Piece {
  readonly key: Rel | Expr;
  readonly shown: { readonly piece: PieceKind; readonly text: string };
}

function piecesOf(rel: Rel, describe: Describe): readonly Piece[] {
  const whole = (piece: PieceKind): readonly Piece[] => [
    { key: rel, shown: { piece, text: describe.rel(rel) } },
  ];
  switch (rel.kind) {
    case 'filter':
      return rel.predicates.map((predicate) => ({
        key: predicate,
        shown: {
          piece: predicate.kind === 'in-key-set' ? 'key-set' : 'filter',
          text: describe.expr(predicate),
        },
      }));
    case 'project':
      return rel.columns.every((c) => c.expr.kind === 'column' || c.expr.kind === 'literal')
        ? []
        : whole('projection');
    case 'aggregate':
      return whole('aggregate');
    case 'join':
    case 'dependent-join':
      return whole('join');
    case 'set-operation':
      return whole('set-operation');
    case 'distinct':
      return whole('distinct');
    case 'window':
      return whole('window');
    case 'sort':
      return whole('sort');
    case 'limit':
      return whole(inputsOf(rel).some((input) => input.kind === 'sort') ? 'top-n' : 'limit');
    case 'scan':
    case 'values':
    case 'dependent-scan':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return [];
  }
}
