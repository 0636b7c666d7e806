import { type ExplainDocument, formatExplain } from '@tributary/core';

/**
 * A plan as people read it, without what changes between machines and runs: estimates (they hang on the sample that ANALYZE took)
 * and where the checkout lies.
 */
export function planText(plan: ExplainDocument, folder: string): string {
  return formatExplain(plan, 'text')
    .replaceAll(/^ +estimated .*\n/gm, '')
    .replaceAll(/: about [\d,]+ keys?, expected to cut [\d,]+ rows to [\d,]+$/gm, '')
    .replaceAll(folder, '<folder>');
}
