import { type Scan, columnsOf } from '@tributary/connector-sdk';
import { rowsBetween, withColumns } from './expressions.js';
import type { HostileEngines } from './hostile-engines.js';
import type { Named } from './named-expr.js';

/** A statement of more columns than that is slow to plan in some databases. */
const batchSize = 30;

/**
 * Where the engines disagree on expressions that the source says it can answer: all in one statement as long as that has no failing
 * row, and each by itself otherwise, where a row's failure would hide the others.
 */
export async function disagreements<Type extends string>(
  engines: HostileEngines<Type>,
  scan: Scan,
  exprs: readonly Named[],
): Promise<readonly string[]> {
  const planned = exprs.filter((each) => engines.native(withColumns(scan, [each])) !== undefined);
  const found: string[] = [];
  for (const batch of batchesOf(planned)) {
    // Of the pairs of a value only one, where the other value is of no matter.
    const isOfBoth = batch.some(({ expr }) => columnsOf(expr).size > 1);
    const rows = isOfBoth ? scan : rowsBetween(scan, 0, Number.MAX_SAFE_INTEGER, false);
    if (await engines.agree(withColumns(rows, batch))) continue;
    for (const { name, expr, mayAnswerMore = false } of batch) {
      const differences = await engines.exprDifferences(scan, expr, mayAnswerMore);
      found.push(...differences.map((difference) => `${name}: ${difference}`));
    }
  }
  return found;
}

function batchesOf(exprs: readonly Named[]): readonly (readonly Named[])[] {
  const byWidth = Map.groupBy(exprs, ({ expr }) => columnsOf(expr).size);
  return [...byWidth.values()].flatMap((some) =>
    Array.from({ length: Math.ceil(some.length / batchSize) }, (_, i) =>
      some.slice(i * batchSize, (i + 1) * batchSize),
    ),
  );
}
