import type { TypeId } from '@tributary/connector-sdk';
import { defaultStatements } from '../checks/answers.js';
import type { HookName } from '../suite/hooks.js';
import type { Grade, ReportedGap, Results } from './conformance-report.js';

/** Without these a failure of the source was never seen. */
const betaHooks: readonly HookName[] = ['wrongCredentials', 'interrupt'];

const stableHooks: readonly HookName[] = [...betaHooks, 'dropColumn', 'activeStatements', 'traffic'];

/** Types that every user expects. */
const commonTypes: readonly TypeId[] = [
  'boolean',
  'integer',
  'bigint',
  'double',
  'decimal',
  'varchar',
  'date',
  'timestamp',
];

export function gradeOf(results: Results, gaps: readonly ReportedGap[], statements: number): Grade {
  if ([...results.values()].some(({ outcome }) => outcome === 'failed')) return 'failing';
  const lacks = (names: readonly string[], what: ReportedGap['what']): boolean =>
    gaps.some(
      (gap) => gap.what === what && gap.notApplicable !== true && gap.of.some((of) => names.includes(of)),
    );
  if (lacks(betaHooks, 'hook')) return 'alpha';
  const stable =
    !lacks(stableHooks, 'hook') && !lacks(commonTypes, 'type') && statements >= defaultStatements;
  return stable ? 'stable' : 'beta';
}
