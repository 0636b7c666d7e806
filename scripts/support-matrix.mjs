// Writes docs/support-matrix.md of the reports that the connectors' conformance tests have written. A unit test of the kit fails
// when the page is stale.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, root, run } from './bootstrap.mjs';

const env = await installed();
const code = await run('tsc', ['-b', 'packages/connector-testkit'], { env });
if (code !== 0) process.exit(code);
const { supportMatrix } = await import('../packages/connector-testkit/dist/index.js');
const folders = readdirSync(join(root, 'connectors')).map((name) => join(root, 'connectors', name));
const reports = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => /^conformance.*\.json$/.test(file))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
);
writeFileSync(join(root, 'docs/support-matrix.md'), supportMatrix(reports));
