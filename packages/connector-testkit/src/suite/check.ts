import type { TypeId } from '@tributary/connector-sdk';
import type { World } from '../world/world.js';
import type { HookName } from './hooks.js';

/** What a check is about. */
export const areaNames = [
  'contract',
  'types',
  'capabilities',
  'answers',
  'limits',
  'cancellation',
  'failures',
  'secrets',
  'resources',
] as const;

export type Area = (typeof areaNames)[number];

export interface Check {
  /** Stable name, `area.what`: `limits.before-filter`. */
  readonly id: `${Area}.${string}`;
  /** What holds where it passes. */
  readonly title: string;
  /** The hook without which it cannot be tried. */
  readonly needs?: HookName;
  /** The type that it is about. */
  readonly type?: TypeId;
  /** @throws an error that says what does not hold, with the statement */
  readonly run: (world: World) => Promise<void>;
}

/** What became of a check. */
export type CheckResult =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'gap'; readonly reason: string }
  | { readonly outcome: 'failed'; readonly error: unknown };

export function areaOf({ id }: Pick<Check, 'id'>): Area {
  const area = areaNames.find((name) => id.startsWith(`${name}.`));
  if (area === undefined) throw new RangeError(`no area has the check ${id}`);
  return area;
}
