import { conjunctionText } from './text.js';

/** A relation in FROM with how it joins what stands before it. */
export interface FromItem {
  readonly join:
    | 'JOIN'
    | 'LEFT JOIN'
    | 'FULL JOIN'
    | 'SEMI JOIN'
    | 'ANTI JOIN'
    | 'LEFT SEMI JOIN'
    | 'LEFT ANTI JOIN';
  readonly relation: string;
  /** Undefined for joins in parentheses. */
  readonly alias: string | undefined;
  readonly on: readonly string[];
}

/** A join condition and the aliases it reads; undefined where these cannot be told. */
export interface JoinCondition {
  readonly text: string;
  readonly aliases: ReadonlySet<string> | undefined;
}

export function fromItem(relation: string, alias: string): FromItem {
  return { join: 'JOIN', relation, alias, on: [] };
}

/** The text after FROM. */
export function fromText(items: readonly FromItem[], newline: string): string {
  return items.reduce((sql, { join, relation, on }, i) => {
    if (i === 0) return relation;
    const next = on.length === 0 ? `CROSS JOIN ${relation}` : `${join} ${relation} ON ${conjunctionText(on)}`;
    return sql + newline + next;
  }, '');
}

/** Joins as one operand of another join. */
export function asOperand(items: readonly FromItem[], newline: string): Pick<FromItem, 'relation' | 'alias'> {
  const [only, ...others] = items;
  return only !== undefined && others.length === 0
    ? only
    : { relation: `(${fromText(items, newline)})`, alias: undefined };
}

/** Joins as one relation to be joined: by themselves in parentheses, where they are several. */
export function operand(items: readonly FromItem[], newline: string): FromItem {
  return { join: 'JOIN', on: [], ...asOperand(items, newline) };
}

/**
 * Two sides of an inner join as one chain. Inner joins associate, so the right side's come after the left's without parentheses,
 * each condition at the first relation where all it reads is there.
 */
export function innerChain(
  left: readonly FromItem[],
  right: readonly FromItem[],
  conditions: readonly JoinCondition[],
  newline: string,
): readonly FromItem[] {
  const isChain = right.every((item, i) => i === 0 || item.join === 'JOIN');
  const added = isChain ? right : [operand(right, newline)];
  const place = (condition: JoinCondition): number => {
    const { aliases } = condition;
    if (aliases === undefined) return added.length - 1;
    return added.findLastIndex((item) => item.alias === undefined || aliases.has(item.alias));
  };
  const placed = conditions.map((condition) => ({ text: condition.text, at: Math.max(0, place(condition)) }));
  const joined = added.map((item, i) => ({
    ...item,
    on: [...placed.filter(({ at }) => at === i).map(({ text }) => text), ...item.on],
  }));
  return [...left, ...joined];
}
