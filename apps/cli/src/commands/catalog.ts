import type { RemoteTableName, RemoteTableSchema } from '@tributary/contract';
import type { Engine, OutputColumn } from '@tributary/core';
import { quoteDotted } from '../statement/identifiers.js';

export interface SourceTable {
  readonly sourceId: string;
  readonly table: RemoteTableName;
}

/** The tables of one source, or of all of them in the order of the configuration. */
export async function listSourceTables(
  engine: Engine,
  sourceId: string | undefined,
  signal: AbortSignal,
): Promise<SourceTable[]> {
  const ids = sourceId === undefined ? engine.sources().map((source) => source.sourceId) : [sourceId];
  const lists = await Promise.all(
    ids.map(async (id) =>
      (await engine.listTables(id, { signal })).map((table) => ({ sourceId: id, table })),
    ),
  );
  return lists.flat();
}

/** The table's name as SQL takes it. */
export function tableName({ sourceId, table }: SourceTable): string {
  return quoteDotted([sourceId, ...(table.schema === undefined ? [] : [table.schema]), table.name]);
}

/** A source's table, or the columns of a view over several. */
export type Described =
  | { readonly kind: 'table'; readonly schema: RemoteTableSchema }
  | { readonly kind: 'view'; readonly columns: readonly OutputColumn[] };

export async function describeRelation(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<Described> {
  const view = engine.views().find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (view === undefined) {
    const { schema } = await engine.describeTable(name, { signal });
    return { kind: 'table', schema };
  }
  await using result = await engine.query(`select * from ${quoteDotted([view.name])} limit 0`, { signal });
  return { kind: 'view', columns: result.columns };
}
