import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { type DataType, type Rel, exprsOf, someExpr, typeName, visitRel } from '@tributary/contract/plan';
import type { ParameterInfo } from '../plan/federated-plan.js';

/** DuckDB's parameter type of what it could not type. */
const unsettledType = 0;

/** Names of the parameters that DuckDB could not type by their surroundings. */
export function unsettledParameters(statement: DuckDBPreparedStatement): readonly string[] {
  const positions = Array.from({ length: statement.parameterCount }, (_, i) => i + 1);
  return positions
    .filter((i) => statement.parameterTypeId(i) === unsettledType)
    .map((i) => statement.parameterName(i));
}

export function parameterNames(statement: DuckDBPreparedStatement): readonly string[] {
  return Array.from({ length: statement.parameterCount }, (_, i) => statement.parameterName(i + 1));
}

/** The types that parameters have in a plan. */
export function parameterTypes(relation: Rel): ReadonlyMap<string, DataType> {
  const types = new Map<string, DataType>();
  visitRel(relation, (rel) => {
    for (const expr of exprsOf(rel)) {
      someExpr(expr, (e) => {
        if (e.kind === 'parameter' && !types.has(e.name)) types.set(e.name, e.type);
        return false;
      });
    }
  });
  return types;
}

/** A bare NULL has no type to cast to; text fits anywhere that NULL does. */
export function castName(type: ParameterInfo['type']): string {
  return type === undefined || type.id === 'null' ? 'VARCHAR' : typeName(type);
}
