import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectNames } from './project-names.js';

export const projectKinds = ['plain', 'sql'] as const;

/** `plain`: an API of rows and simple predicates. `sql`: a database that speaks SQL. */
export type ProjectKind = (typeof projectKinds)[number];

/** A file of the new project. */
export interface ProjectFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const templatesDirectory = join(packageDirectory, 'templates');

/** npm leaves files of these names out of a package, or reads them as its own, so that templates have them with `_`. */
const hiddenFromNpm: ReadonlyMap<string, string> = new Map([
  ['_gitignore', '.gitignore'],
  ['_package.json', 'package.json'],
]);

/** The files of a project: what all kinds share, and what this kind adds. */
export async function projectFiles(kind: ProjectKind, names: ProjectNames): Promise<readonly ProjectFile[]> {
  const values = await placeholders(names);
  const folders = [join(templatesDirectory, 'common'), join(templatesDirectory, kind)];
  const files = await Promise.all(folders.map((folder) => filesOf(folder, values)));
  return files.flat();
}

async function filesOf(folder: string, values: ReadonlyMap<string, string>): Promise<readonly ProjectFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        const target = join(entry.parentPath, hiddenFromNpm.get(entry.name) ?? entry.name);
        return {
          path: relative(folder, target).split(sep).join('/'),
          text: filledIn(await readFile(file, 'utf8'), values),
        };
      }),
  );
}

/** Templates say `$name$`: part of an identifier in TypeScript, so that they can be type-checked as they are. */
function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\w+?\$/g, (placeholder) => values.get(placeholder) ?? placeholder);
}

async function placeholders(names: ProjectNames): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['$packageName$', names.packageName],
    ['$connectorName$', names.connectorName],
    ['$identifier$', names.identifier],
    ['$TypeName$', names.typeName],
    ['$ENVIRONMENT$', names.connectorName.replaceAll('-', '_').toUpperCase()],
    ['$year$', String(new Date().getFullYear())],
    ['$tributaryVersion$', await ownVersion()],
  ]);
}

/** All packages of Tributary are released together, so that this one's version is the SDK's. */
async function ownVersion(): Promise<string> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(join(packageDirectory, 'package.json'), 'utf8'),
  );
  return manifest.version;
}
