import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly default: string }>>;
}

const root = dirname(fileURLToPath(import.meta.url));

const packageDirectories = ['packages', 'connectors', 'apps', 'examples']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
  .filter((directory) => existsSync(join(directory, 'package.json')));

/**
 * Tests read workspace packages from their sources, so that no build stands between an edit and its test.
 * (What is started as a process of its own, such as the CLI, still runs from dist.)
 */
const alias = packageDirectories.flatMap((directory) => {
  const { name, exports }: Manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return Object.entries(exports).map(([subpath, target]) => ({
    find: new RegExp(`^${name}${subpath.slice(1)}$`),
    replacement: join(directory, target.default.replace('./dist/', './src/').replace(/\.js$/, '.ts')),
  }));
});

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,connectors,apps,examples}/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [
            '{packages,connectors,apps,examples}/*/test/**/*.integration.test.ts',
            'bench/test/**/*.integration.test.ts',
          ],
          testTimeout: 240_000,
          // The first of a machine to want a server compiles or downloads it.
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
