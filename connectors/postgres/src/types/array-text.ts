/**
 * Elements of a one-dimensional array in PostgreSQL's text form (array_out in arrayfuncs.c): `{a,"b \"c\"",NULL}`.
 */
export function parseArrayText(text: string): readonly (string | null)[] {
  const elements: (string | null)[] = [];
  const body = text.slice(text.indexOf('{') + 1, -1);
  if (body === '') return elements;
  const element = /"((?:[^"\\]|\\.)*)"|((?:[^,\\]|\\.)*)/gsy;
  for (;;) {
    const match = element.exec(body);
    if (match === null) return elements;
    const [, quoted, bare = ''] = match;
    if (quoted !== undefined) elements.push(quoted.replaceAll(/\\(.)/gs, '$1'));
    else elements.push(bare === 'NULL' ? null : bare.replaceAll(/\\(.)/gs, '$1'));
    if (body[element.lastIndex] !== ',') return elements;
    element.lastIndex += 1;
  }
}

/** The reverse, every element quoted. */
export function formatArrayText(elements: readonly (string | null)[]): string {
  return `{${elements
    .map((each) => (each === null ? 'NULL' : `"${each.replaceAll(/["\\]/g, String.raw`\$&`)}"`))
    .join(',')}}`;
}
