// `pnpm testbed up [server…]`: real servers filled with TPC-H, and a configuration that names them.
import { join } from 'node:path';
import { bootstrap, nodeBinary, root, run } from './bootstrap.mjs';

const env = await bootstrap();
const program = join(root, 'packages', 'testbed', 'dist', 'bin.js');
process.exitCode = await run(nodeBinary(), [program, ...process.argv.slice(2)], { env });
