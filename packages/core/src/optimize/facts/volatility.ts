import { type Expr, someExpr } from '@tributary/contract';

/**
 * Functions that answer differently from call to call, or that exist for their effect. An expression with one of them
 * is neither moved past another operator nor duplicated.
 */
const volatileFunctions: ReadonlySet<string> = new Set([
  'random',
  'setseed',
  'uuid',
  'uuidv4',
  'uuidv7',
  'gen_random_uuid',
  'nextval',
  'currval',
  'error',
  'sleep_ms',
  'write_log',
  'getvariable',
]);

export function isVolatile(expr: Expr): boolean {
  return someExpr(expr, (e) => e.kind === 'call' && volatileFunctions.has(e.fn));
}

/** Neither columns nor volatile functions: one value for the whole query (parameters included). */
export function isQueryConstant(expr: Expr): boolean {
  return !someExpr(expr, (e) => e.kind === 'column' || e.kind === 'in-key-set') && !isVolatile(expr);
}
