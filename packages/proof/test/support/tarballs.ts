import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runProgram } from './run-program.js';

/** What a manifest says that these tests look at. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Specifiers of packed packages, by name: `file:/tmp/…/tributary-core-0.0.0.tgz`. */
export type Tarballs = ReadonlyMap<string, string>;

/** The manifests of all packages that npm gets. */
export function publicManifests(): readonly Manifest[] {
  return ['packages', 'connectors', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .map((folder): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    .filter((manifest) => manifest.private !== true);
}

/** Packs every public package as it is built now. */
export async function packAll(directory: string): Promise<Tarballs> {
  const names = publicManifests().map((manifest) => manifest.name);
  const filters = names.flatMap((name) => ['--filter', name]);
  const pack = ['pack', '--config.ignore-scripts=true', '--pack-destination', directory];
  await runProgram('pnpm', ['-r', ...filters, ...pack], root);
  const files = readdirSync(directory);
  return new Map(
    names.map((name) => {
      const stem = `${name.replace('@', '').replace('/', '-')}-`;
      const file = files.find((each) => each.startsWith(stem) && /^\d/.test(each.slice(stem.length)));
      if (file === undefined) throw new Error(`${name} was not packed`);
      return [name, `file:${join(directory, file)}`];
    }),
  );
}

/**
 * Installs what the manifest in `directory` asks for with npm, everything of ours from the tarballs. `more` goes into its
 * dependencies: specifiers by name.
 */
export async function npmInstall(
  directory: string,
  tarballs: Tarballs,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'package.json');
  const manifest: Manifest = JSON.parse(await readFile(file, 'utf8').catch(() => '{"private": true}'));
  const fromTarballs = (wanted: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, tarballs.get(name) ?? range]));
  const changed = {
    ...manifest,
    dependencies: { ...fromTarballs(manifest.dependencies), ...more },
    devDependencies: fromTarballs(manifest.devDependencies),
    overrides: Object.fromEntries(tarballs),
  };
  await writeFile(file, JSON.stringify(changed, null, 2));
  await runProgram('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], directory);
}

/** Names of all packages installed below `directory`, however deep, as they lie on the disk. */
export function installedPackages(directory: string): ReadonlySet<string> {
  return new Set(packagesBelow(join(directory, 'node_modules')));
}

function packagesBelow(modules: string): readonly string[] {
  if (!existsSync(modules)) return [];
  const names = readdirSync(modules)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`) : [entry],
    );
  return names.flatMap((name) => [name, ...packagesBelow(join(modules, name, 'node_modules'))]);
}
