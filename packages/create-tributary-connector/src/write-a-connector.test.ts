import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectNames } from './project-names.js';
import { type ProjectFile, projectFiles } from './templates.js';

const page = readFileSync(new URL('../../../docs/write-a-connector.md', import.meta.url), 'utf8');

/** The projects that the page has its readers make. */
const projects = new Map<string, readonly ProjectFile[]>();

beforeAll(async () => {
  projects.set('weather', await projectFiles('plain', projectNames('tributary-connector-weather')));
  projects.set('ledger', await projectFiles('sql', projectNames('@acme/tributary-connector-ledger')));
});

interface Block {
  readonly language: string;
  readonly code: string;
  /** What it is an excerpt of. */
  readonly project: string | undefined;
  readonly file: string | undefined;
}

const blocks: readonly Block[] = [
  ...page.matchAll(/(?:<!-- (?<project>\w+): (?<file>\S+) -->\n\n)?```(?<language>\w+)\n(?<code>[^]*?)```/g),
].map(({ groups = {} }) => ({
  language: groups['language'] ?? '',
  code: groups['code'] ?? '',
  project: groups['project'],
  file: groups['file'],
}));

/** Code without what a formatter may change: names of other lengths break lines elsewhere. */
function unformatted(code: string): string {
  return code.replaceAll(/\s+/g, '').replaceAll(/,([)\]}])/g, '$1');
}

describe('docs/write-a-connector.md', () => {
  it('says where each piece of TypeScript is from', () => {
    const code = blocks.filter(({ language }) => language === 'ts');
    expect(code.length).toBeGreaterThan(8);
    expect(code.filter(({ file }) => file === undefined)).toEqual([]);
  });

  it.each(blocks.filter(({ file }) => file !== undefined).map((block) => [block.file, block] as const))(
    'shows %s as it is generated',
    (path, { project = '', code }) => {
      const file = projects.get(project)?.find((each) => each.path === path);
      expect(unformatted(file?.text ?? '')).toContain(unformatted(code));
    },
  );

  it.each(blocks.filter(({ language }) => language === 'yaml').map(({ code }) => [code]))(
    'has configurations that are YAML: %s',
    (code) => {
      expect(parse(code)).toHaveProperty('sources');
    },
  );

  it('links to files and headings that are there', () => {
    for (const [, target = ''] of page.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = '', anchor] = target.split('#');
      const url = new URL(`../../../docs/${path}`, import.meta.url);
      expect(existsSync(url), target).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(url, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
        text
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(headings, target).toContain(anchor);
    }
  });
});
