export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

export function dottedName({ schema, name }: TableName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

export function pathOf({ schema, name }: TableName): readonly string[] {
  return schema === undefined ? [name] : [schema, name];
}
