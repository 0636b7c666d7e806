// Compiles assembly/ to WebAssembly and wraps it in a module: bundlers, Node and vitest load that alike.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')),
  'bin/asc.js',
);
const folder = join(root, 'wasm');
const binary = join(folder, 'pg-copy.wasm');

mkdirSync(folder, { recursive: true });
execFileSync(
  process.execPath,
  [compiler, 'assembly/index.ts', '--outFile', binary, '--runtime', 'minimal', '--noAssert', '-O3'],
  { cwd: root, stdio: 'inherit' },
);
const base64 = readFileSync(binary).toString('base64');
rmSync(binary);
writeFileSync(join(folder, 'pg-copy.js'), `export const pgCopyWasm =\n  '${base64}';\n`);
writeFileSync(
  join(folder, 'pg-copy.d.ts'),
  `/** WebAssembly, in base64. */\nexport declare const pgCopyWasm: string;\n`,
);
