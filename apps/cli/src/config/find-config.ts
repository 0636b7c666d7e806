import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../errors/config-error.js';

const configNames = [
  'tributary.yaml',
  'tributary.yml',
  'tributary.config.ts',
  'tributary.config.mjs',
] as const;

/**
 * The configuration's absolute path: the one named, or the nearest one from `directory` upwards.
 * @throws TributaryError CONFIG.INVALID when there is none, or two side by side.
 */
export function findConfig(directory: string, named?: string): string {
  if (named !== undefined) return namedConfig(resolve(directory, named));
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const found = configNames.filter((name) => existsSync(join(folder, name)));
    if (found.length > 1) {
      throw new ConfigError('CONFIG.INVALID', {
        message: `${folder} holds two configurations: ${found.join(' and ')}.`,
        fix: 'Keep one of them, or name one with --config.',
      });
    }
    if (found[0] !== undefined) return join(folder, found[0]);
    if (dirname(folder) === folder) break;
  }
  throw new ConfigError('CONFIG.INVALID', {
    message: `There is no tributary.yaml or tributary.config.ts in ${resolve(directory)} or a folder above it.`,
    fix: 'Make one with `tributary init`, name one with --config <file>, name sources with --source <id=location>, or look around first with `tributary demo`.',
  });
}

function namedConfig(path: string): string {
  if (existsSync(path)) return path;
  throw new ConfigError('CONFIG.INVALID', {
    message: `The configuration ${path} does not exist.`,
    fix: 'Correct the path after --config, or make a configuration with `tributary init`.',
  });
}
