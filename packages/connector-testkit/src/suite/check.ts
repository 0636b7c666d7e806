import type { TypeId } from '@tributary/connector-sdk';
import type { World } from '../world/world.js';
import type { HookName } from './hooks.js';

/** What a check is about; grades are defined over areas. */
export const areas = {
  contract: 'What the source says of itself and of its tables',
  types: 'Every type, there and back',
  capabilities: 'What is declared is done, what is not is left alone',
  answers: 'Pushed, unpushed and plain DuckDB agree',
  limits: 'Limits and offsets',
  cancellation: 'Cancelling and timeouts',
  failures: 'Failures are errors, and the right ones',
  secrets: 'Secrets stay secret',
  resources: 'Nothing is left behind',
} as const satisfies Record<string, string>;

export type Area = keyof typeof areas;

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

export function areaOf({ id }: Pick<Check, 'id'>): Area {
  const [area = ''] = id.split('.');
  if (!isArea(area)) throw new RangeError(`no area ${area}`);
  return area;
}

function isArea(text: string): text is Area {
  return text in areas;
}
