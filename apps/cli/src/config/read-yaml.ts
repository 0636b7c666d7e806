import { type Document, LineCounter, isMap, isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import { ConfigError, type ConfigLocation } from '../errors/config-error.js';
import type { Locate, RawConfig } from './config-types.js';
import { type VariableFault, expandVariables, maskVariables } from './variables.js';

/** Reads the YAML text of `file`, with environment variables expanded. */
export function readYaml(file: string, text: string, env: NodeJS.ProcessEnv): RawConfig {
  const lines = new LineCounter();
  const document = parseDocument(maskVariables(text), { lineCounter: lines });
  const locationAt = (offset: number): ConfigLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, text, position: { line, column: col } };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const isSecondSource = error.code === 'DUPLICATE_KEY' && isInSources(document, error.pos[0]);
    throw new ConfigError(isSecondSource ? 'CONFIG.DUPLICATE_SOURCE' : 'CONFIG.INVALID', {
      message: isSecondSource
        ? 'Two sources have the same id.'
        : `Not valid YAML: ${firstLine(error.message)}`,
      ...(!isSecondSource && {
        fix: 'Correct the file at the place shown, or a bracket, quote or indentation before it.',
      }),
      location: locationAt(error.pos[0]),
    });
  }
  expandDocument(document, env, locationAt);
  return { file, value: document.toJS() ?? {}, locate: locator(document, locationAt) };
}

function expandDocument(
  document: Document.Parsed,
  env: NodeJS.ProcessEnv,
  locationAt: (offset: number) => ConfigLocation,
): void {
  visit(document, {
    Scalar(_, node, ancestors) {
      if (typeof node.value !== 'string') return;
      const expansion = expandVariables(node.value, env);
      if (expansion.fault === undefined) {
        node.value = expansion.value;
        return;
      }
      throw new ConfigError(
        expansion.fault.fault === 'malformed' ? 'CONFIG.INVALID' : 'CONFIG.UNSET_VARIABLE',
        {
          message: faultMessage(keyPath(ancestors), expansion.fault),
          location: locationAt(node.range?.[0] ?? 0),
        },
      );
    },
  });
}

function faultMessage(key: string, { reference, fault }: VariableFault): string {
  switch (fault) {
    case 'unset':
      return `${key} uses ${reference}, which is not set.`;
    case 'empty':
      return `${key} uses ${reference}, which is set to nothing.`;
    case 'malformed':
      return `${key} holds ${reference}, which is neither \${NAME} nor \${NAME:-default}.`;
  }
}

function keyPath(ancestors: readonly unknown[]): string {
  const keys = ancestors.flatMap((node) =>
    isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [],
  );
  return keys.length > 0 ? keys.join('.') : 'The file';
}

function locator(document: Document.Parsed, locationAt: (offset: number) => ConfigLocation): Locate {
  return (path, part) => {
    // The nearest part of the path that the file holds: a missing key is shown at what lacks it.
    for (let length = path.length; length > 0; length -= 1) {
      const isWhole = length === path.length;
      const offset = offsetOf(document, path.slice(0, length), isWhole ? part : 'key');
      if (offset !== undefined) return locationAt(offset);
    }
    return undefined;
  };
}

function offsetOf(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  part: 'key' | 'value',
): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (!isMap(parent)) {
    const node = document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
  if (pair === undefined) return undefined;
  const node = part === 'value' && isNode(pair.value) ? pair.value : pair.key;
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Whether the offset is that of a key directly below `sources`. */
function isInSources(document: Document.Parsed, offset: number): boolean {
  const sources = document.get('sources');
  return isMap(sources) && sources.items.some(({ key }) => isScalar(key) && key.range?.[0] === offset);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
