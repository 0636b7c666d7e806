/** A statement that is not a query but changes the engine's catalogue of views. */
export type ViewStatement =
  | {
      readonly kind: 'create-view';
      readonly name: string;
      readonly query: string;
      readonly replace: boolean;
    }
  | { readonly kind: 'drop-view'; readonly name: string; readonly ifExists: boolean };

const name = String.raw`(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))`;
const gap = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)+`;
const end = String.raw`(?:\s|;|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)*$`;
const createView = new RegExp(
  `^(?:${gap})?create${gap}(or${gap}replace${gap})?view${gap}${name}${gap}as${gap}([\\s\\S]+?);?\\s*$`,
  'iu',
);
const dropView = new RegExp(`^(?:${gap})?drop${gap}view${gap}(if${gap}exists${gap})?${name}${end}`, 'iu');

/** CREATE [OR REPLACE] VIEW and DROP VIEW [IF EXISTS]; undefined for every other statement. */
export function viewStatement(sql: string): ViewStatement | undefined {
  const created = createView.exec(sql);
  if (created !== null) {
    const [, replace, quoted, bare, query = ''] = created;
    return { kind: 'create-view', name: unquote(quoted, bare), query, replace: replace !== undefined };
  }
  const dropped = dropView.exec(sql);
  if (dropped === null) return undefined;
  const [, ifExists, quoted, bare] = dropped;
  return { kind: 'drop-view', name: unquote(quoted, bare), ifExists: ifExists !== undefined };
}

function unquote(quoted: string | undefined, bare: string | undefined): string {
  return quoted?.replaceAll('""', '"') ?? bare ?? '';
}
