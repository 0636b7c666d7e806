import { type JsonObject, objectsAt } from './json.js';

/**
 * Whether a plan holds what DESCRIBE says: rows about stubs, made while the statement was bound. The described tables are not in
 * the plan.
 */
export function describesTables(node: JsonObject): boolean {
  return node['type'] === 'LOGICAL_CHUNK_GET' || objectsAt(node, 'children').some(describesTables);
}
