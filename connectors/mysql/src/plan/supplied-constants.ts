import {
  childrenOf,
  type Expr,
  type Join,
  mapInputs,
  type Project,
  type Rel,
  rewriteRel,
} from '@tributary/connector-sdk';
import { dialects } from '../dialect/mysql-dialect.js';
import { unmerged } from './unmerged.js';

/**
 * A computed constant is no NULL to MySQL 8.0.31 where an outer join finds no row, once it has merged the derived table that names it:
 * of `t LEFT JOIN (SELECT -1 AS c FROM u) q ON FALSE` it says that no `q.c IS NULL`. So derived tables with such columns stay tables.
 */
export function withSuppliedConstants(relation: Rel): Rel {
  return rewriteRel(relation, (node) => {
    switch (node.kind) {
      case 'join':
      case 'dependent-join':
        return suppliedBy(node);
      // Who reads it may be on any side of a join.
      case 'with':
        return { ...node, definition: supplied(node.definition) };
      default:
        return node;
    }
  });
}

function suppliedBy<Node extends Pick<Join, 'type' | 'left' | 'right'>>(node: Node): Node {
  switch (node.type) {
    case 'left':
    case 'single':
      return { ...node, right: supplied(node.right) };
    case 'right':
      return { ...node, left: supplied(node.left) };
    case 'full':
      return { ...node, left: supplied(node.left), right: supplied(node.right) };
    case 'inner':
    case 'semi':
    case 'anti':
    case 'mark':
      return node;
  }
}

/** The side of an outer join of which there may be no row, with the derived tables that the server would merge and must not. */
function supplied(rel: Rel): Rel {
  switch (rel.kind) {
    case 'project': {
      const below = mapInputs(rel, supplied);
      return hasConstant(rel) ? unmerged(below) : below;
    }
    case 'filter':
    case 'sort':
    case 'join':
    case 'dependent-join':
      return mapInputs(rel, supplied);
    // The server makes a table of each of these as it is.
    default:
      return rel;
  }
}

function hasConstant({ columns }: Project): boolean {
  return columns.some(({ expr }) => (expr.kind === 'literal' ? !isPlain(expr) : !readsRow(expr)));
}

/** `5`, but not `-5`, which is a computation to the server. */
function isPlain(constant: Extract<Expr, { kind: 'literal' }>): boolean {
  return constant.value === null || dialects.mysql.literal(constant)?.startsWith('(') === false;
}

/** Whether the server, too, sees that the value depends on a row: it knows what IS NULL says of a column that holds none. */
function readsRow(expr: Expr): boolean {
  return expr.kind === 'column' || (expr.kind !== 'is-null' && childrenOf(expr).some(readsRow));
}
