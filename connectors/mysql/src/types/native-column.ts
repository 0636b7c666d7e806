/** A column as information_schema describes it. */
export interface NativeColumn {
  readonly name: string;
  /** `DATA_TYPE`: the type's bare name in lower case. */
  readonly dataType: string;
  /** `COLUMN_TYPE`: with length, sign and labels, `int(10) unsigned`. */
  readonly columnType: string;
  readonly nullable: boolean;
  /** Null for types that are no text. */
  readonly characterSet: string | null;
  readonly collation: string | null;
  readonly precision: number | null;
  readonly scale: number | null;
  /** MariaDB's JSON is a longtext with a check of its own. */
  readonly isCheckedJson: boolean;
}

/** The labels of `enum('a','b''c')`. */
export function enumLabels(columnType: string): readonly string[] {
  const list = columnType.slice(columnType.indexOf('(') + 1, columnType.lastIndexOf(')'));
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) => label.replaceAll("''", "'"));
}
