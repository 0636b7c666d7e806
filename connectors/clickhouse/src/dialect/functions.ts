import type { FunctionRule } from '@tributary/connector-sdk';
import { functionTable } from '@tributary/connector-sdk/sql';
import { arithmetic } from './functions/arithmetic.js';
import { conditional } from './functions/conditional.js';
import { like } from './functions/like.js';
import { temporal } from './functions/temporal.js';
import { text } from './functions/text.js';

/** Every scalar function that ClickHouse answers as DuckDB does; test/dialect.integration.test.ts holds each one to it. */
export const clickhouseFunctions: ReadonlyMap<string, readonly FunctionRule[]> = functionTable([
  ...arithmetic,
  ...temporal,
  ...text,
  ...like,
  ...conditional,
]);
