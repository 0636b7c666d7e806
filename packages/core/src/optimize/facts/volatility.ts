import { type Expr, someExpr } from '@tributary/contract';

// A test compares both lists with DuckDB's catalogue; asking each new DuckDB for it would take 30 ms.

/**
 * Functions that answer differently from call to call, or that exist for their effect. An expression with one of them
 * is neither folded, nor moved past another operator, nor duplicated.
 */
export const volatileFunctions: ReadonlySet<string> = new Set([
  'currval',
  'current_connection_id',
  'current_query',
  'current_query_id',
  'current_transaction_id',
  'error',
  'gen_random_uuid',
  'getvariable',
  'nextval',
  'random',
  'setseed',
  'sleep_ms',
  'stats',
  'uuid',
  'uuidv4',
  'uuidv7',
  'write_log',
]);

/** Functions with one value for a whole statement, and another for the next: a plan that holds the value holds for one run. */
export const perStatementFunctions: ReadonlySet<string> = new Set([
  'age',
  'current_database',
  'current_date',
  'current_localtime',
  'current_localtimestamp',
  'current_schema',
  'current_schemas',
  'get_current_time',
  'get_current_timestamp',
  'in_search_path',
  'now',
  'today',
  'transaction_timestamp',
  'txid_current',
]);

export function isVolatile(expr: Expr): boolean {
  return callsOneOf(volatileFunctions, expr);
}

/** Whether it has another value when the statement is run again. */
export function isPerStatement(expr: Expr): boolean {
  return callsOneOf(perStatementFunctions, expr);
}

/** Neither columns nor volatile functions: one value for the whole query (parameters included). */
export function isQueryConstant(expr: Expr): boolean {
  return !someExpr(expr, (e) => e.kind === 'column' || e.kind === 'in-key-set') && !isVolatile(expr);
}

function callsOneOf(functions: ReadonlySet<string>, expr: Expr): boolean {
  return someExpr(expr, (e) => e.kind === 'call' && functions.has(e.fn));
}
