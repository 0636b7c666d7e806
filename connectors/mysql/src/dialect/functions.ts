import type { FunctionRule } from '@tributary/connector-sdk';
import { functionTable } from '@tributary/connector-sdk/sql';
import type { ProductName } from '../product.js';
import { byteCollations } from './byte-collation.js';
import { conditional } from './functions/conditional.js';
import { exactArithmetic } from './functions/exact-arithmetic.js';
import { floatArithmetic } from './functions/float-arithmetic.js';
import { likeRules } from './functions/like.js';
import { temporal } from './functions/temporal.js';
import { text } from './functions/text.js';

/** Every scalar function that MySQL and MariaDB answer as DuckDB does; test/dialect.integration.test.ts holds each one to it. */
export function mySqlFunctions(product: ProductName): ReadonlyMap<string, readonly FunctionRule[]> {
  return functionTable([
    ...exactArithmetic(product),
    ...floatArithmetic,
    ...temporal,
    ...text,
    ...likeRules(byteCollations[product]),
    ...conditional,
  ]);
}
