// `npm test`: every test of every package. The last line of the output is the plain count.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { bootstrap, root, run } from './bootstrap.mjs';

const env = await bootstrap();
const resultsFile = join(root, '.test-results', 'vitest.json');
rmSync(resultsFile, { force: true });
mkdirSync(join(root, '.test-results'), { recursive: true });

const filters = process.argv.slice(2);
const exitCode = await run(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`, ...filters],
  { env },
);

const packages = summarise(resultsFile);
printTable(packages);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const counts of packages.values()) {
  for (const key of Object.keys(total)) total[key] += counts[key];
}
for (const skip of [...packages.values()].flatMap((counts) => counts.notRun)) console.log(`not run: ${skip}`);
if (total.passed === 0) console.log('No test passed: a run that tested nothing is a failure.');
if (exitCode !== 0 && total.failed === 0) console.log(`vitest itself ended with exit code ${exitCode}`);
process.exitCode = exitCode !== 0 || total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

/** Counts per workspace package; packages without a test are listed too, with zeros. */
function summarise(file) {
  const counts = new Map(
    workspaceFolders().map((name) => [name, { passed: 0, failed: 0, skipped: 0, notRun: [] }]),
  );
  if (!existsSync(file)) return counts;
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    const path = relative(root, suite.name);
    const entry = counts.get(packageOf(path));
    if (entry === undefined) throw new Error(`${path} belongs to no workspace package`);
    // A file that does not even load has no test in it, and is a failure all the same.
    if (suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed')) {
      entry.failed += 1;
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') entry.passed += 1;
      else if (test.status === 'failed') entry.failed += 1;
      else {
        entry.skipped += 1;
        entry.notRun.push(
          `${path} > ${test.fullName}${test.meta?.skipReason ? `: ${test.meta.skipReason}` : ''}`,
        );
      }
    }
  }
  return counts;
}

function workspaceFolders() {
  const groups = ['packages', 'connectors', 'apps', 'examples'].filter((group) =>
    existsSync(join(root, group)),
  );
  return [
    ...groups.flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`)),
    'bench',
  ].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function packageOf(path) {
  const [group, name] = path.split(sep);
  return group === 'bench' ? group : `${group}/${name}`;
}

function printTable(packages) {
  const width = Math.max(...[...packages.keys()].map((name) => name.length));
  console.log(`\n${'package'.padEnd(width)}   passed   failed  skipped`);
  for (const [name, counts] of packages) {
    const cells = [counts.passed, counts.failed, counts.skipped].map((count) => String(count).padStart(8));
    console.log(`${name.padEnd(width)} ${cells.join(' ')}`);
  }
  console.log('');
}
