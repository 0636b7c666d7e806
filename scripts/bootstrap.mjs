// Brings a fresh clone to a built tree with nothing but git and Node >= 20 with npm: the pinned pnpm comes
// from the registry, and so does the Node runtime that everything after the installation runs on.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binDirectory = join(root, 'node_modules', '.bin');
const stampFile = join(root, 'node_modules', '.cache', 'tributary', 'install');

/** No tool reports home or leaves its compiled code in the temp folder. */
const tidyEnvironment = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NODE_DISABLE_COMPILE_CACHE: '1' };

/**
 * Runs a command (in the repository, if not said otherwise) and resolves to its exit code (128 + n for signal n).
 * A signal is for the child; we stay until it has cleaned up. A terminal sends Ctrl-C to both of us already.
 */
export function run(command, args, { env = process.env, cwd = root, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const output = [];
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const onInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      const exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
      if (quiet && exitCode !== 0) process.stderr.write(Buffer.concat(output));
      resolve(exitCode);
    });
  });
}

/**
 * Installs and builds what is not up to date, or ends the process with the failing step's output.
 *
 * @returns {Promise<NodeJS.ProcessEnv>} the environment in which the repository's tools find each other
 */
export async function bootstrap() {
  const env = await installed();
  await mustSucceed(
    'the build',
    'turbo',
    ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'],
    {
      env,
      quiet: true,
    },
  );
  return env;
}

/** Like {@link bootstrap}, without the build. */
export async function installed() {
  await install();
  return toolEnvironment();
}

async function install() {
  const wanted = installFingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stderr.write(`Installing dependencies with ${packageManager} (this happens once) ...\n`);
  const command = [
    'exec',
    '--yes',
    `--package=${packageManager}`,
    '--',
    'pnpm',
    'install',
    '--frozen-lockfile',
  ];
  await mustSucceed('the installation', npmCommand(), command, {
    env: { ...process.env, ...tidyEnvironment },
    quiet: true,
  });
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** The lock file holds every manifest's dependencies, so it changes whenever an installation would. */
function installFingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function toolEnvironment() {
  return {
    ...process.env,
    PATH: [dirname(nodeBinary()), binDirectory, process.env.PATH].join(delimiter),
    ...tidyEnvironment,
  };
}

/** The pinned runtime where its registry package has one for this platform, else a recent enough Node of the machine. */
export function nodeBinary() {
  const require = createRequire(join(root, 'package.json'));
  try {
    const manifest = require.resolve(`node-${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch (cause) {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major > 22 || (major === 22 && minor >= 12)) return process.execPath;
    throw new Error(
      `No pinned Node for ${process.platform}-${process.arch}, and this Node ${process.versions.node} is too old: ` +
        'install Node 22.12 or newer and try again.',
      { cause },
    );
  }
}

function npmCommand() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

async function mustSucceed(what, command, args, options) {
  const code = await run(command, args, options);
  if (code === 0) return;
  process.stderr.write(`${what} failed: ${command} ${args.join(' ')} ended with exit code ${code}\n`);
  process.exit(code);
}
