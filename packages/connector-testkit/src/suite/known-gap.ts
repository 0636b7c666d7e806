import type { DataType, TypeId } from '@tributary/connector-sdk';
import type { FixtureColumn } from '../fixtures/fixture-table.js';
import type { HookName } from './hooks.js';

/**
 * Something that a connector knowingly lacks. The suite leaves out what it says, no more, and reports it; a reason is for the
 * readers of the support matrix.
 */
export type KnownGap = TypeGap | ValuesGap | HookGap;

/** The source has no such types: fixture columns of these types are left out, or read as another type. */
export interface TypeGap {
  readonly what: 'type';
  readonly types: readonly TypeId[];
  /** The type that the source describes such a column as, whose literal text is the same: `varchar` for a UUID, for example. */
  readonly readAs?: DataType;
  readonly reason: string;
}

/** The source's type holds fewer values: years before 1900, no NaN. The others stand in the fixtures as NULL. */
export interface ValuesGap {
  readonly what: 'values';
  readonly types: readonly TypeId[];
  readonly holds: (value: string, column: FixtureColumn) => boolean;
  readonly reason: string;
}

/** A hook that cannot be given. */
export interface HookGap {
  readonly what: 'hook';
  readonly hook: HookName;
  /** True where there is nothing to check: a local file has no password. Such a gap does not lower the grade. */
  readonly notApplicable?: boolean;
  readonly reason: string;
}
