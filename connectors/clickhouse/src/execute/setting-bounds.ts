import type { ClickHouseSettings } from '@clickhouse/client';

/** What a user's profile and its constraints say of a setting: a row of system.settings. */
export interface SettingBound {
  readonly name: string;
  readonly value: string;
  readonly max: string | null;
  /** 1 where the user may not change it, as none with `readonly = 1`. */
  readonly readonly: number;
}

export const boundsSql =
  'SELECT name, value, max, readonly FROM system.settings WHERE name IN {names:Array(String)}';

/**
 * Of settings that no answer depends on those that the user may make, no further than he may. A limit on time that the profile sets
 * is never put off.
 */
export function withinBounds(
  wanted: ClickHouseSettings,
  bounds: readonly SettingBound[],
): ClickHouseSettings {
  const byName = new Map(bounds.map((bound) => [bound.name, bound]));
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      const bound = byName.get(name);
      if (bound === undefined) return [[name, value]];
      if (bound.readonly === 1) return [];
      const own = Number(bound.value);
      if (name === 'max_execution_time' && own > 0 && own <= Number(value)) return [];
      const isBeyond = bound.max !== null && Number(value) > Number(bound.max);
      return [[name, isBeyond ? bound.max : value]];
    }),
  );
}
