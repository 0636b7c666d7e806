import { TributaryError } from '@tributary/contract/errors';
import { type JsonObject, isObject } from './json.js';

/** Functions that tell of the engine's machine rather than of data, write there, or hold a thread of it. */
const forbiddenFunctions: ReadonlySet<string> = new Set([
  'current_setting',
  'getvariable',
  'getenv',
  'write_log',
  'sleep_ms',
]);

/** @throws TributaryError SQL.FORBIDDEN */
export function refuseForbiddenFunction(name: string): void {
  if (!forbiddenFunctions.has(name)) return;
  throw new TributaryError('SQL.FORBIDDEN', {
    message: `The function ${name} is not open to statements.`,
    fix: 'Leave it out, or give its value as a parameter.',
  });
}

/**
 * Looks through a whole plan, in operators that the importer does not know as well.
 * @throws TributaryError SQL.FORBIDDEN
 */
export function refuseForbiddenFunctions(node: unknown): void {
  if (Array.isArray(node)) {
    node.forEach(refuseForbiddenFunctions);
  } else if (isObject(node)) {
    if (isFunction(node)) refuseForbiddenFunction(String(node['name']));
    Object.values(node).forEach(refuseForbiddenFunctions);
  }
}

function isFunction(node: JsonObject): boolean {
  return node['expression_class'] === 'BOUND_FUNCTION';
}
