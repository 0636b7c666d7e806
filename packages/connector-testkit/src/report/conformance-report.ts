import type { Area, Check, CheckResult } from '../suite/check.js';
import type { KnownGap } from '../suite/known-gap.js';

/** How far a connector can be relied on. `docs/conformance.md` says it for people. */
export type Grade = 'failing' | 'alpha' | 'beta' | 'stable';

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
  readonly areas: readonly AreaCounts[];
  readonly checks: Readonly<Record<string, CheckResult['outcome']>>;
  readonly gaps: readonly ReportedGap[];
}

export interface AreaCounts {
  readonly area: Area;
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

export type Results = ReadonlyMap<Check['id'], CheckResult>;
