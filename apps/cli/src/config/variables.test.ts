import { describe, expect, it } from 'vitest';
import { expandVariables, maskVariables } from './variables.js';

function expand(text: string, env: NodeJS.ProcessEnv = {}): unknown {
  const expansion = expandVariables(maskVariables(text), env);
  return expansion.fault ?? expansion.value;
}

describe('environment variables', () => {
  it.each([
    ['${A}', { A: 'x' }, 'x'],
    ['postgres://${USER}:${PW}@db', { USER: 'ann', PW: 'p}$:#' }, 'postgres://ann:p}$:#@db'],
    ['${A:-fallback}', {}, 'fallback'],
    ['${A:-fallback}', { A: '' }, 'fallback'],
    ['${A:-}', {}, ''],
    ['${A:-http://h:1/x?y=z}', {}, 'http://h:1/x?y=z'],
    ['$${A}', { A: 'x' }, '${A}'],
    ['costs $5', {}, 'costs $5'],
    ['${A}', { A: '${B}', B: 'never' }, '${B}'],
  ])('%s with %o is %s', (text, env, expected) => {
    expect(expand(text, env)).toBe(expected);
  });

  it.each([
    ['${A}', {}, { reference: '${A}', fault: 'unset' }],
    ['${A}', { A: '' }, { reference: '${A}', fault: 'empty' }],
    ['x${A B}y', {}, { reference: '${A B}', fault: 'malformed' }],
  ])('%s with %o is refused', (text, env, expected) => {
    expect(expand(text, env)).toEqual(expected);
  });

  it('keeps every position', () => {
    const text = 'a: { b: ${X}, c: $${Y} }';
    expect(maskVariables(text)).toHaveLength(text.length);
  });
});
