import type { FunctionRule, RuleTable, SqlDialect } from '@tributary/contract/render';
import { constantText, rule } from '@tributary/connector-sdk/sql';
import { byteCollation } from './comparison.js';
import { postgresDialect } from './postgres-dialect.js';

/** Functions that only this connector's own planning puts into a plan; no statement of a user can name them. */
export const privateFunctions = {
  text: 'postgres:text',
  bytes: 'postgres:bytes',
  double: 'postgres:double',
  pageRange: 'postgres:page-range',
} as const;

const rules: ReadonlyMap<string, readonly FunctionRule[]> = new Map([
  [privateFunctions.text, [rule(['any'], ([a]) => `CAST(${a} AS text)`)]],
  [privateFunctions.bytes, [rule(['any'], ([a]) => `(${a} ${byteCollation})`)]],
  [privateFunctions.double, [rule(['any'], ([a]) => `CAST(${a} AS double precision)`)]],
  [
    privateFunctions.pageRange,
    [
      rule(['any', 'bigint', 'bigint'], ([a], { args }) => {
        const [from, to] = [constantText(args[1]), constantText(args[2])];
        return `(${a} >= '(${from},0)'::tid AND ${a} < '(${to},0)'::tid)`;
      }),
      rule(['any', 'bigint'], ([a], { args }) => `(${a} >= '(${constantText(args[1])},0)'::tid)`),
    ],
  ],
]);

const functions: RuleTable<FunctionRule> = {
  get: (name) => rules.get(name) ?? postgresDialect.functions.get(name),
};

/** The dialect that plans are rendered with. */
export const renderingDialect: SqlDialect = { ...postgresDialect, functions };
