// `npm run -s tributary -- <command>`: the command line of this clone, installed and built where need be, on the pinned runtime.
import { join } from 'node:path';
import { bootstrap, nodeBinary, root, run } from './bootstrap.mjs';

// What the command tells the user to type next is what was typed now.
const typed =
  process.env.npm_lifecycle_event === 'tributary' ? 'npm run -s tributary --' : `node ${process.argv[1]}`;
const env = { ...(await bootstrap()), TRIBUTARY_COMMAND: typed };
const bin = join(root, 'apps', 'cli', 'dist', 'bin.js');
// npm changes to the package's folder; files and the configuration are looked for where the user is.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await run(nodeBinary(), [bin, ...process.argv.slice(2)], { env, cwd });
