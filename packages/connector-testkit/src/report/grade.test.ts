import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../suite/check.js';
import type { ReportedGap, Results } from './conformance-report.js';
import { gradeOf } from './grade.js';

const passed: Results = new Map([['contract.info', { outcome: 'passed' } satisfies CheckResult]]);

function gap(of: string, more: Partial<ReportedGap> = {}): ReportedGap {
  return { what: 'hook', of: [of], reason: 'So it is.', ...more };
}

describe('gradeOf', () => {
  it.each([
    ['stable', passed, [], 180],
    ['stable', passed, [gap('interrupt', { notApplicable: true })], 180],
    ['stable', passed, [gap('interval', { what: 'type' })], 180],
    ['beta', passed, [], 100],
    ['beta', passed, [gap('traffic')], 180],
    ['beta', passed, [gap('timestamp', { what: 'type' })], 180],
    ['alpha', passed, [gap('interrupt')], 180],
    ['failing', new Map([['contract.info', { outcome: 'failed', error: 'x' }]]) satisfies Results, [], 180],
  ] as const)('%s', (grade, results, gaps, statements) => {
    expect(gradeOf(results, gaps, statements)).toBe(grade);
  });
});
