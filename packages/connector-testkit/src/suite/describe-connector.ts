import { writeFile } from 'node:fs/promises';
import { allChecks } from '../checks/all-checks.js';
import type { ConformanceReport } from '../report/conformance-report.js';
import { type CheckResult, areaOf } from './check.js';
import type { ConformanceOptions, ConformanceSubject } from './conformance-options.js';
import { ConformanceRun } from './conformance-run.js';

/**
 * Registers the conformance tests of a connector with a test runner. They run in the order registered; the last one closes
 * what the suite opened and writes the report.
 */
export function describeConnector(options: ConformanceOptions): void {
  const { test, after, report, name = options.connector.name } = options;
  const run = new ConformanceRun(options);
  for (const check of allChecks) {
    test(`${name}: ${areaOf(check)}: ${check.title} [${check.id}]`, async () => {
      const result = await run.run(check);
      if (result.outcome === 'failed') throw result.error;
    });
  }
  const finish = async (): Promise<void> => {
    const finished = await run.report();
    await run[Symbol.asyncDispose]();
    if (report !== undefined && finished !== undefined) await writeReport(finished, report);
  };
  if (after === undefined) test(`${name}: report`, finish);
  else after(finish);
}

/**
 * Tries a connector without a test runner.
 * @param only checks to try, by id
 * @returns what became of each
 */
export async function checkConnector(
  subject: ConformanceSubject,
  only: (id: string) => boolean = () => true,
): Promise<ReadonlyMap<string, CheckResult>> {
  await using run = new ConformanceRun(subject);
  const results = new Map<string, CheckResult>();
  for (const check of allChecks) if (only(check.id)) results.set(check.id, await run.run(check));
  return results;
}

async function writeReport(report: ConformanceReport, path: string | URL): Promise<void> {
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);
}
