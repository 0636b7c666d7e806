// `pnpm check`: lint, format, types, unused code, import directions, versions, API reports and package shapes.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, root, run } from './bootstrap.mjs';
import { publicPackages } from './workspace.mjs';

const env = await installed();
const groups = ['packages', 'connectors', 'apps', 'examples', 'bench'].filter((group) =>
  existsSync(join(root, group)),
);
const steps = [
  ['lint', () => run('oxlint', ['--deny-warnings'], { env })],
  ['format', () => run('oxfmt', ['--check'], { env })],
  ['types', checkTypes],
  ['unused code', () => run('knip', [], { env })],
  ['import directions', () => run('depcruise', ['--config', '.dependency-cruiser.mjs', ...groups], { env })],
  ['versions', () => run('syncpack', ['lint'], { env })],
  ['api', checkApi],
  ['package shapes', checkPackageShapes],
];

const only = process.argv.slice(2);
const failed = [];
for (const [name, step] of steps.filter(([name]) => only.length === 0 || only.includes(name))) {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const code = await step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) console.log(`\ncheck failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function build() {
  return run('turbo', ['run', 'build', '--output-logs=errors-only'], { env });
}

/** The build is the type check of the sources; the tests and the templates have projects of their own. */
async function checkTypes() {
  return (
    (await build()) ||
    (await run('tsc', ['-b', 'tsconfig.test.json'], { env })) ||
    run('tsc', ['-p', 'packages/create-tributary-connector/templates'], { env })
  );
}

async function checkApi() {
  return (await build()) || run('node', ['scripts/api.mjs'], { env });
}

/** Packs every public package and looks at the tarball, since that is what a user gets. */
async function checkPackageShapes() {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-pack-'));
  try {
    const expected = publicPackages();
    for (const { folder } of expected) {
      const code = await run('pnpm', ['--dir', folder, 'pack', '--pack-destination', directory], {
        env,
        quiet: true,
      });
      if (code !== 0) return code;
    }
    const tarballs = readdirSync(directory).filter((file) => file.endsWith('.tgz'));
    if (tarballs.length === 0 || tarballs.length !== expected.length) {
      console.log(`expected ${expected.length} tarballs, found ${tarballs.length}`);
      return 1;
    }
    let result = 0;
    for (const tarball of tarballs) {
      const path = join(directory, tarball);
      console.log(tarball);
      result ||= await run('publint', ['run', path, '--strict'], { env, quiet: true });
      result ||= await run('attw', [path, '--profile', 'esm-only', '--quiet'], { env, quiet: true });
    }
    return result;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
