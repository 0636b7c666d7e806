import { type JsonObject, objectsAt, stringAt } from './json.js';

/** A statement's plan and the names of its columns. */
export interface NamedPlan {
  readonly root: JsonObject;
  readonly names: readonly string[];
}

/**
 * The statement as a table of another, whose plan is the statement's own below a projection that has its columns' names. A
 * statement's own plan has not: there `n::varchar` is called `n`, as DuckDB drops the cast.
 */
export function asTable(sql: string): string {
  return `FROM query('${sql.replaceAll("'", "''")}')`;
}

/** A name that may have got its number because another column has the same. */
const numbered = /_\d+$/;

/**
 * The statement's part of the plan of `asTable`. Undefined where the projection above changes the columns: equal names are made
 * unique, and bare NULLs get a type.
 */
export function namedPlan(plan: JsonObject): NamedPlan | undefined {
  const [root] = objectsAt(plan, 'children');
  if (plan['type'] !== 'LOGICAL_PROJECTION' || root === undefined) return undefined;
  const columns = objectsAt(plan, 'expressions');
  const names = columns.map((column) => stringAt(column, 'alias'));
  const areColumns = columns.every((column) => column['expression_class'] === 'BOUND_REF');
  return areColumns && !names.some((name) => name === '' || numbered.test(name))
    ? { root, names }
    : undefined;
}
