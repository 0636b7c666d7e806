/** A table of the server; `database` is absent where the name has one part. */
export interface TablePath {
  readonly database: string | undefined;
  readonly name: string;
}

export function tablePath(path: readonly string[]): TablePath | undefined {
  const [first, second, ...rest] = path;
  if (first === undefined || rest.length > 0) return undefined;
  return second === undefined ? { database: undefined, name: first } : { database: first, name: second };
}
