import { pathToFileURL } from 'node:url';
import { ConfigError } from '../errors/config-error.js';
import type { RawConfig } from './config-types.js';

/** Imports `tributary.config.ts` (Node strips the types itself) or `.mjs` and takes its default export. */
export async function readModule(file: string): Promise<RawConfig> {
  const exports: unknown = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new ConfigError('CONFIG.INVALID', {
      message: `${file} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      fix: isUnknownExtension(cause)
        ? `This Node (${process.version}) cannot read TypeScript: use Node 22.18 or newer, or name the file tributary.config.mjs.`
        : 'Correct the file.',
      cause,
    });
  });
  if (typeof exports === 'object' && exports !== null && 'default' in exports) {
    return { file, value: exports.default, locate: () => undefined };
  }
  throw new ConfigError('CONFIG.INVALID', {
    message: `${file} has no default export.`,
    fix: 'Write `export default defineConfig({ sources: { … } });`.',
  });
}

function isUnknownExtension(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION';
}
