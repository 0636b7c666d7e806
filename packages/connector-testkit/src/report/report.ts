import { readFileSync } from 'node:fs';
import { contractVersion } from '@tributary/connector-sdk';
import { defaultSeed, defaultStatements } from '../checks/answers.js';
import type { Area, Check } from '../suite/check.js';
import { areaOf, areas } from '../suite/check.js';
import type { ConformanceSubject } from '../suite/conformance-options.js';
import type { CheckResult } from '../suite/conformance-run.js';
import type { KnownGap } from '../suite/known-gap.js';
import { type Grade, gradeOf } from './grade.js';

/** What `conformance.json` holds. */
export interface ConformanceReport {
  readonly name: string;
  readonly connector: string;
  readonly grade: Grade;
  readonly versions: {
    readonly contract: string;
    readonly testkit: string;
    readonly duckdb: string;
    /** Product and version, as `checkHealth` says them. */
    readonly server?: string;
  };
  readonly statements: { readonly seed: number; readonly count: number };
  /** Names of the capabilities that are declared, and were found to be so. */
  readonly capabilities: readonly string[];
  readonly areas: Readonly<Record<Area, AreaCounts>>;
  readonly checks: Readonly<Record<string, CheckResult['outcome']>>;
  readonly gaps: readonly ReportedGap[];
}

export interface AreaCounts {
  readonly passed: number;
  readonly failed: number;
  readonly gaps: number;
}

export interface ReportedGap {
  readonly what: KnownGap['what'];
  /** Types, or the hook's name. */
  readonly of: readonly string[];
  readonly notApplicable?: boolean;
  readonly reason: string;
}

/** What a run found beside the results. */
export interface Measured {
  readonly capabilities: readonly string[];
  readonly duckdb: string;
  readonly server?: string;
}

export type Results = ReadonlyMap<Check['id'], CheckResult>;

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

function countsByArea(results: Results): Readonly<Record<Area, AreaCounts>> {
  const count = (area: Area): AreaCounts => {
    const inArea = [...results].filter(([id]) => areaOf({ id }) === area);
    const of = (outcome: CheckResult['outcome']): number =>
      inArea.filter(([, result]) => result.outcome === outcome).length;
    return { passed: of('passed'), failed: of('failed'), gaps: of('gap') };
  };
  return {
    contract: count('contract'),
    types: count('types'),
    capabilities: count('capabilities'),
    answers: count('answers'),
    limits: count('limits'),
    cancellation: count('cancellation'),
    failures: count('failures'),
    secrets: count('secrets'),
    resources: count('resources'),
  } satisfies Record<keyof typeof areas, AreaCounts>;
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
