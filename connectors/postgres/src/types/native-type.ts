/** A column's type as the catalogue describes it, domains already resolved to their base. */
export interface NativeType {
  /** `pg_type.typname` of the base type; of an array, of its element: `numeric`. */
  readonly name: string;
  /** Whether the base type is one of PostgreSQL's own (schema pg_catalog). */
  readonly builtin: boolean;
  readonly isArray: boolean;
  readonly isEnum: boolean;
  /** `atttypmod`, or the domain's; -1 for none. */
  readonly modifier: number;
  /** Labels in declared order; empty unless an enum. */
  readonly labels: readonly string[];
  /** False where the column's collation calls different bytes equal (ICU, `deterministic = false`). */
  readonly deterministic: boolean;
}
