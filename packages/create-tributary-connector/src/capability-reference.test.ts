import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/capabilities.md', root), 'utf8');

const documented: readonly (readonly [file: string, names: readonly string[]])[] = [
  ['packages/contract/src/source/info.ts', ['SqlCapabilities', 'PlainCapabilities', 'KeySetCapability']],
  ['packages/contract/src/render/dialect.ts', ['SqlDialect', 'FunctionRule', 'AggregateRule']],
  ['packages/connector-sdk/src/plain/plain-reader.ts', ['PlainTable', 'PlainColumn']],
];

/** The fields of an interface as its source declares them. */
function declaredFields(file: string, name: string): readonly string[] {
  const path = fileURLToPath(new URL(file, root));
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((declaration) => declaration.name.text === name)
    .flatMap((declaration) => declaration.members)
    .flatMap((member) =>
      member.name !== undefined && ts.isIdentifier(member.name) ? [member.name.text] : [],
    );
}

/** The first column of the table below a heading. */
function documentedFields(name: string): readonly string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`\`${name}\`\n`)) ?? '';
  return [...section.matchAll(/^\| `(\w+)`/gm)].flatMap(([, field]) => field ?? []);
}

describe('docs/capabilities.md', () => {
  it.each(documented.flatMap(([file, names]) => names.map((name) => [name, file] as const)))(
    'has every field of %s, and no other',
    (name, file) => {
      const declared = declaredFields(file, name);
      expect(declared).not.toEqual([]);
      expect(documentedFields(name).toSorted()).toEqual(declared.toSorted());
    },
  );

  it('has every comparison fidelity', () => {
    const section = page.split(/^## /m).find((text) => text.startsWith('Comparison fidelity')) ?? '';
    expect([...section.matchAll(/^\| `(\w+)` +\|/gm)].flatMap(([, word]) => word ?? [])).toEqual([
      'comparison',
      'ordered',
      'equality',
      'none',
    ]);
  });
});
