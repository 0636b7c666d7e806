import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfig } from './find-config.js';

describe('findConfig', () => {
  let root: string;
  let inner: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tributary-cli-'));
    inner = join(root, 'a', 'b');
    mkdirSync(inner, { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true }));

  it('looks upwards and takes the nearest', () => {
    writeFileSync(join(root, 'tributary.yaml'), '');
    expect(findConfig(inner)).toBe(join(root, 'tributary.yaml'));
    writeFileSync(join(root, 'a', 'tributary.config.ts'), '');
    expect(findConfig(inner)).toBe(join(root, 'a', 'tributary.config.ts'));
  });

  it('takes the one named, relative to the working directory', () => {
    writeFileSync(join(root, 'other.yaml'), '');
    expect(findConfig(inner, '../../other.yaml')).toBe(join(root, 'other.yaml'));
    expect(() => findConfig(inner, 'missing.yaml')).toThrow(/missing\.yaml does not exist/);
  });

  it('refuses to choose between two', () => {
    writeFileSync(join(root, 'tributary.yaml'), '');
    writeFileSync(join(root, 'tributary.config.mjs'), '');
    expect(() => findConfig(root)).toThrow(/two configurations/);
  });

  it('says how to get one where there is none', () => {
    expect(() => findConfig(inner)).toThrow(
      expect.objectContaining({ code: 'CONFIG.INVALID', fix: expect.stringContaining('tributary init') }),
    );
  });
});
