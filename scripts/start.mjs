// `npm start`: from a fresh clone to the answer of a federated query.
import { join } from 'node:path';
import { bootstrap, nodeBinary, root, run } from './bootstrap.mjs';

const env = { ...(await bootstrap()), TRIBUTARY_COMMAND: 'npm run -s tributary --' };
const demo = join(root, 'apps', 'cli', 'dist', 'bin.js');
process.exitCode = await run(nodeBinary(), [demo, 'demo', ...process.argv.slice(2)], { env });
