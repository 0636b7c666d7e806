import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ConformanceReport } from './conformance-report.js';
import { supportMatrix } from './support-matrix.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

describe('docs/support-matrix.md', () => {
  it('is what scripts/support-matrix.mjs writes of the reports that are there', () => {
    const reports = globSync('connectors/*/conformance*.json', { cwd: root }).map((path): ConformanceReport =>
      JSON.parse(readFileSync(`${root}/${path}`, 'utf8')),
    );
    expect(reports.length).toBeGreaterThan(0);
    expect(readFileSync(`${root}/docs/support-matrix.md`, 'utf8')).toBe(supportMatrix(reports));
  });
});

describe('supportMatrix', () => {
  it('tells what passed, what is a gap and why', () => {
    const report: ConformanceReport = {
      name: 'oracle',
      connector: 'oracle',
      grade: 'beta',
      versions: { contract: '1.0', testkit: '1.0.0', duckdb: 'v1.5.5', server: 'Oracle 23' },
      statements: { seed: 1, count: 180 },
      capabilities: ['filter'],
      areas: [{ area: 'types', passed: 2, failed: 0, gaps: 1 }],
      checks: {
        'types.date': 'passed',
        'types.date-predicate': 'passed',
        'types.uuid-predicate': 'gap',
      },
      gaps: [
        { what: 'values', of: ['date'], reason: 'Years end at 9999.' },
        { what: 'hook', of: ['interrupt'], notApplicable: true, reason: 'Nothing to break.' },
      ],
    };
    const page = supportMatrix([report]);
    expect(page).toContain('| oracle | Oracle 23 | beta | 2 | 1 | 180 |');
    expect(page).toContain('| filter | yes |');
    expect(page).toContain('| date | in part |');
    expect(page).toContain('| uuid |  |');
    expect(page).toContain('- values of date: Years end at 9999.');
    expect(page).toContain('- not tried interrupt (does not apply): Nothing to break.');
  });
});
