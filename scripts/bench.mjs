// `npm run bench -- [name…] [options]`: the benchmarks, built where need be, on the pinned runtime.
import { join } from 'node:path';
import { bootstrap, nodeBinary, root, run } from './bootstrap.mjs';

const env = await bootstrap();
const program = join(root, 'bench', 'dist', 'main.js');
process.exitCode = await run(nodeBinary(), [program, ...process.argv.slice(2)], { env });
