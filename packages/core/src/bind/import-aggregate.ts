import {
  type Aggregate,
  type ColumnId,
  type Expr,
  type Rel,
  literal,
  outputOf,
  typeOf,
} from '@tributary/contract/plan';
import { functionName, importExpression, importSortKeys } from './import-expression.js';
import { importType } from './import-type.js';
import { type JsonObject, Unimportable, arrayAt, isObject, objectAt, objectsAt, stringAt } from './json.js';
import { aliasOf, inheritedName } from './names.js';

/** A bound GROUP BY over `input`. */
export function importAggregate(node: JsonObject, input: Rel, newId: () => ColumnId): Aggregate {
  const columns = outputOf(input);
  const groups = objectsAt(node, 'groups').map((e) => {
    const expr = importExpression(e, columns);
    const name = inheritedName(expr, columns) ?? aliasOf(e) ?? 'group';
    return { id: newId(), name, type: typeOf(expr), expr };
  });
  const aggregates = objectsAt(node, 'expressions').map((e) => {
    const type = importType(objectAt(e, 'return_type'));
    const fn = aggregateName(e);
    const orders = e['order_bys'];
    const call = {
      fn,
      args: [...objectsAt(e, 'children').map((arg) => importExpression(arg, columns)), ...erasedArguments(e)],
      distinct: stringAt(e, 'aggregate_type') === 'DISTINCT',
      ...(isObject(e['filter']) && { filter: importExpression(e['filter'], columns) }),
      ...(isObject(orders) && { orderBy: importSortKeys(objectsAt(orders, 'orders'), columns) }),
      type,
    };
    return { id: newId(), name: fn, type, call };
  });
  const sets = arrayAt(node, 'grouping_sets').map(indexes);
  const plainGroups = sets.length === 0 || (sets.length === 1 && sets[0]?.length === groups.length);
  const functions = arrayAt(node, 'grouping_functions').map((args) => ({
    id: newId(),
    name: 'grouping',
    type: { id: 'bigint' } as const,
    args: indexes(args),
  }));
  return {
    kind: 'aggregate',
    input,
    groups,
    aggregates,
    ...(!plainGroups && { groupingSets: sets }),
    ...(functions.length > 0 && { groupingFunctions: functions }),
  };
}

/** string_agg's separator leaves the arguments at bind time; unlike other bound state it can be put back. */
function erasedArguments(node: JsonObject): readonly Expr[] {
  const data = node['function_data'];
  if (node['name'] !== 'string_agg' || !isObject(data)) return [];
  return [literal({ id: 'varchar' }, stringAt(data, 'separator'))];
}

function aggregateName(node: JsonObject): string {
  return node['name'] === 'string_agg' ? 'string_agg' : functionName(node);
}

function indexes(value: unknown): readonly number[] {
  if (!Array.isArray(value)) throw new Unimportable('grouping sets that are not lists');
  return value.map(Number);
}
