/** A table inside the database; `schema` is absent where the name has one part. */
export interface TablePath {
  readonly schema: string | undefined;
  readonly name: string;
}

/** Reads a path of the contract: `[name]`, `[schema, name]` or `[database, schema, name]`. */
export function tablePath(path: readonly string[], database: string): TablePath | undefined {
  const parts = path.length === 3 && path[0] === database ? path.slice(1) : path;
  const [first, second, ...rest] = parts;
  if (first === undefined || rest.length > 0) return undefined;
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second };
}
