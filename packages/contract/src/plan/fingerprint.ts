import { createHash } from 'node:crypto';
import type { Rel } from './rel.js';

/**
 * A plan's identity: the SHA-256, in hex, of its canonical JSON. Plans that differ only in how columns, CTEs, dependent joins
 * and key sets are numbered, or in the order of object keys, have the same fingerprint.
 */
export function fingerprint(rel: Rel): string {
  const text: string[] = [];
  const numbers = new Numbering();
  // Finished text, and values still to be taken apart; a stack of its own, for plans may be deep.
  const stack: (string | { readonly key: string; readonly value: unknown; readonly owner: unknown })[] = [
    { key: '', value: rel, owner: undefined },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top === 'string') {
      text.push(top);
      continue;
    }
    const { key, value, owner } = top;
    if (Array.isArray(value)) {
      stack.push(']');
      for (const item of value.toReversed()) stack.push(',', { key, value: item, owner });
      stack.push('[');
    } else if (typeof value === 'object' && value !== null) {
      const kind = 'kind' in value ? value.kind : undefined;
      const entries = Object.entries(value).filter(([name, v]) => v !== undefined && !isMereName(kind, name));
      stack.push('}');
      for (const [name, v] of entries.toSorted(([a], [b]) => (a < b ? 1 : -1))) {
        stack.push(',', { key: name, value: v, owner: value }, `${JSON.stringify(name)}:`);
      }
      stack.push('{');
    } else {
      text.push(JSON.stringify(numbers.canonical(key, value, owner)));
    }
  }
  return createHash('sha256').update(text.join('')).digest('hex');
}

/** A CTE's name is for people; its number says which one is read. */
function isMereName(kind: unknown, name: string): boolean {
  return kind === 'with' && name === 'name';
}

type Space = 'column' | 'cte' | 'join' | 'key-set';

/** Gives identities numbers in the order in which they are first met. */
class Numbering {
  readonly #known = new Map<string, number>();
  readonly #counts = new Map<Space, number>();

  canonical(key: string, value: unknown, owner: unknown): unknown {
    const space = spaceOf(key, value, owner);
    if (space === undefined) return value;
    const identity = `${space} ${String(value)}`;
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const next = (this.#counts.get(space) ?? 0) + 1;
    this.#counts.set(space, next);
    this.#known.set(identity, next);
    return next;
  }
}

/** What a scalar identifies, if it identifies anything: types have ids too, but these are words. */
function spaceOf(key: string, value: unknown, owner: unknown): Space | undefined {
  const kind = typeof owner === 'object' && owner !== null && 'kind' in owner ? owner.kind : undefined;
  if (key === 'keySet') return 'key-set';
  if (typeof value !== 'number') return undefined;
  switch (key) {
    case 'id':
      return kind === 'with' ? 'cte' : kind === 'dependent-join' ? 'join' : 'column';
    case 'cte':
      return 'cte';
    case 'join':
      return 'join';
    case 'feeds':
      return 'column';
    default:
      return undefined;
  }
}
