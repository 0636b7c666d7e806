// Compiles assembly/ to WebAssembly and wraps it in a module: bundlers, Node and vitest load that alike.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'wasm');
const files = new Map();

const { error } = await main(
  ['assembly/index.ts', '--outFile', 'pg-copy.wasm', '--runtime', 'minimal', '--noAssert', '-O3'],
  {
    baseDir: root,
    stdout: process.stdout,
    stderr: process.stderr,
    writeFile: (name, contents) => void files.set(name, contents),
  },
);
if (error) throw error;

const base64 = Buffer.from(files.get('pg-copy.wasm')).toString('base64');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'pg-copy.js'), `export const pgCopyWasm =\n  '${base64}';\n`);
writeFileSync(
  join(folder, 'pg-copy.d.ts'),
  `/** WebAssembly, in base64. */\nexport declare const pgCopyWasm: string;\n`,
);
