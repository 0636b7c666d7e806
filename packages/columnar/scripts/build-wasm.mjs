// Compiles the decoders in assembly/ to WebAssembly and wraps each in a module: bundlers, Node and vitest load that alike.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'wasm');
const decoders = { 'pg-copy': 'pgCopyWasm', 'mysql-rows': 'mysqlRowsWasm' };

mkdirSync(folder, { recursive: true });
for (const [name, exportName] of Object.entries(decoders)) {
  const base64 = (await compile(name)).toString('base64');
  write(`${name}.js`, `export const ${exportName} =\n  '${base64}';\n`);
  write(`${name}.d.ts`, `/** WebAssembly, in base64. */\nexport declare const ${exportName}: string;\n`);
}

async function compile(name) {
  const files = new Map();
  const { error } = await main(
    [`assembly/${name}/index.ts`, '--outFile', 'decoder.wasm', '--runtime', 'minimal', '--noAssert', '-O3'],
    {
      baseDir: root,
      stdout: process.stdout,
      stderr: process.stderr,
      writeFile: (file, contents) => void files.set(file, contents),
    },
  );
  if (error) throw error;
  return Buffer.from(files.get('decoder.wasm'));
}

/** In one step: a test run next door may be reading it. */
function write(name, text) {
  const file = join(folder, name);
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
