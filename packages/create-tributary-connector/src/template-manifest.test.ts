import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectNames } from './project-names.js';
import { projectFiles } from './templates.js';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const { catalog }: { readonly catalog: Readonly<Record<string, string>> } = parse(
  read('pnpm-workspace.yaml'),
);
const { version }: Manifest = JSON.parse(read('packages/create-tributary-connector/package.json'));

it('asks for the versions that this repository is tested with, and for the SDK of its own release', async () => {
  const files = await projectFiles('plain', projectNames('tributary-connector-weather'));
  const manifest: Manifest = JSON.parse(files.find(({ path }) => path === 'package.json')?.text ?? '');
  const { dependencies, peerDependencies, devDependencies } = manifest;
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies, ...devDependencies })) {
    expect(range, name).toBe(`^${name.startsWith('@tributary/') ? version : catalog[name]}`);
  }
  expect(Object.keys(peerDependencies)).toEqual(['@tributary/connector-sdk']);
});
