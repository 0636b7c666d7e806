import { readFileSync } from 'node:fs';
import { contractVersion } from '@tributary/connector-sdk';
import { defaultSeed, defaultStatements } from '../checks/answers.js';
import { type CheckResult, areaNames, areaOf } from '../suite/check.js';
import type { ConformanceSubject } from '../suite/conformance-options.js';
import type { KnownGap } from '../suite/known-gap.js';
import type { AreaCounts, ConformanceReport, ReportedGap, Results } from './conformance-report.js';
import { gradeOf } from './grade.js';

/** What a run found beside the results. */
export interface Measured {
  readonly capabilities: readonly string[];
  readonly duckdb: string;
  readonly server?: string;
}

export function reportOf(
  subject: ConformanceSubject,
  results: Results,
  measured: Measured,
): ConformanceReport {
  const { connector, name = connector.name, seed = defaultSeed, statements = defaultStatements } = subject;
  const gaps = (subject.knownGaps ?? []).map(reportedGap);
  const { duckdb, server, capabilities } = measured;
  return {
    name,
    connector: connector.name,
    grade: gradeOf(results, gaps, statements),
    versions: {
      contract: contractVersion,
      testkit: ownVersion(),
      duckdb,
      ...(server !== undefined && { server }),
    },
    statements: { seed, count: statements },
    capabilities,
    areas: countsByArea(results),
    checks: Object.fromEntries([...results].map(([id, { outcome }]) => [id, outcome])),
    gaps,
  };
}

function reportedGap(gap: KnownGap): ReportedGap {
  const { what, reason } = gap;
  if (gap.what !== 'hook') return { what, of: gap.types, reason };
  return { what, of: [gap.hook], ...(gap.notApplicable === true && { notApplicable: true }), reason };
}

function countsByArea(results: Results): readonly AreaCounts[] {
  return areaNames.map((area) => {
    const inArea = [...results].filter(([id]) => areaOf({ id }) === area);
    const of = (outcome: CheckResult['outcome']): number =>
      inArea.filter(([, result]) => result.outcome === outcome).length;
    return { area, passed: of('passed'), failed: of('failed'), gaps: of('gap') };
  });
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
