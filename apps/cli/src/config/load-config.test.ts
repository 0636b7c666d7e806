import { describe, expect, it } from 'vitest';
import { formatError } from '../errors/format-error.js';
import { colorsFor } from '../terminal/colors.js';
import type { LoadedConfig } from './config-types.js';
import { checkConfig } from './load-config.js';
import { readYaml } from './read-yaml.js';

const plain = colorsFor({ isTTY: false }, {});

function load(text: string, env: NodeJS.ProcessEnv = {}): LoadedConfig {
  return checkConfig(readYaml('/app/tributary.yaml', text, env));
}

function complaint(text: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    load(text, env);
  } catch (error) {
    return formatError(error, plain);
  }
  throw new Error('The configuration was accepted.');
}

describe('tributary.yaml', () => {
  it('takes sources, engine and views', () => {
    const config = load(
      [
        'sources: { shop: { connector: postgres, url: ${SHOP_PG_URL}, timeoutMs: ${SHOP_TIMEOUT:-5000} },',
        '           lake: { connector: duckdb-s3, root: ./data } }',
        'engine: { memoryLimit: 2GiB, timeoutMs: 1000, spillDirectory: tmp }',
        'views:',
        '  big: select 1',
      ].join('\n'),
      { SHOP_PG_URL: 'postgres://ann:s{e},cret@db/shop' },
    );
    expect(config.sources).toEqual([
      {
        id: 'shop',
        connector: 'postgres',
        timeoutMs: 5000,
        options: { url: 'postgres://ann:s{e},cret@db/shop' },
      },
      { id: 'lake', connector: 'duckdb-s3', timeoutMs: undefined, options: { root: './data' } },
    ]);
    expect(config.engine).toEqual({ memoryLimit: '2GiB', timeoutMs: 1000, spillDirectory: '/app/tmp' });
    expect(config.views).toEqual({ big: 'select 1' });
  });

  it('says what type a value should have, and which file has no place to show', () => {
    expect(complaint('')).toContain(
      '/app/tributary.yaml: sources: must hold at least one source, by its id.',
    );
    expect(complaint('sources: { lake: { connector: api } }\nviews: { v: 1 }')).toContain(
      'fix: Correct the value shown.',
    );
    expect(complaint('sources:\n\tlake: x')).toContain('fix: Correct the file at the place shown,');
  });

  it('names the key and the place of an unset variable', () => {
    expect(complaint('sources:\n  shop:\n    connector: postgres\n    url: ${NOPE}\n')).toBe(
      [
        'error[CONFIG.UNSET_VARIABLE]: sources.shop.url uses ${NOPE}, which is not set.',
        '  at /app/tributary.yaml:4:10',
        '  4 |     url: ${NOPE}',
        '    |          ^',
        '  fix: Set the variable, or give a default with ${NAME:-default}.',
        '',
      ].join('\n'),
    );
  });

  it('never shows a value that came from the environment', () => {
    const text = 'sources: { shop: { connector: postgres, url: ${URL} } }\nengine: { timeoutMs: ${URL} }\n';
    expect(complaint(text, { URL: 'postgres://ann:secret@db' })).not.toContain('secret');
  });

  it.each([
    ['sorces: {}', 'does not know the key "sorces"', 'did you mean: sources', '1:1'],
    [
      'sources: { s: { connector: x } }\nengine:\n  memoryLimt: 1GB',
      'engine does not know the key',
      'memoryLimit',
      '3:3',
    ],
    [
      'sources: { s: { connector: x } }\nengine:\n  memoryLimit: lots',
      'engine.memoryLimit: must be a size',
      'fix',
      '3:16',
    ],
    [
      'sources: { s: { connector: x } }\nengine: { threads: -1 }',
      'engine.threads: must be above 0',
      'fix',
      '2:20',
    ],
    ['sources:\n  s:\n    url: x', 'sources.s.connector: must name a connector', 'fix', '2:3'],
    ['sources: {}', 'has no source', 'tributary init', '1:1'],
    ['sources: { s: { connector: x } }\nviews: { v: [1] }', 'views.v: must be a SELECT', 'fix', '2:13'],
    [
      'sources:\n  a: { connector: x }\n  a: { connector: y }',
      'CONFIG.DUPLICATE_SOURCE',
      'Two sources',
      '3:3',
    ],
    ['engine: {}\nengine: {}', 'CONFIG.INVALID', 'Not valid YAML', '2:1'],
    ['sources: [1', 'Not valid YAML', 'CONFIG.INVALID', '1:'],
    ['', 'sources: must hold at least one source', 'fix', ''],
  ])('refuses %j', (text, first, second, place) => {
    const message = complaint(text);
    expect(message).toContain(first);
    expect(message).toContain(second);
    expect(message).toContain(place === '' ? 'error' : `tributary.yaml:${place}`);
  });
});
