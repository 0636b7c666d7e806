import type { FunctionRule } from '@tributary/contract/render';
import { functionTable } from '@tributary/connector-sdk/sql';
import { conditional } from './functions/conditional.js';
import { exactArithmetic } from './functions/exact-arithmetic.js';
import { floatArithmetic } from './functions/float-arithmetic.js';
import { like } from './functions/like.js';
import { temporal } from './functions/temporal.js';
import { text } from './functions/text.js';

/** Every scalar function that PostgreSQL answers as DuckDB does; test/dialect.integration.test.ts holds each one to it. */
export const postgresFunctions: ReadonlyMap<string, readonly FunctionRule[]> = functionTable([
  ...exactArithmetic,
  ...floatArithmetic,
  ...temporal,
  ...text,
  ...like,
  ...conditional,
]);
