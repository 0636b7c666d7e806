/** A parsed JSON object, or a row of a checkpoint: fields are looked at before they are used. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whole numbers: checkpoints have 64-bit ones as bigint. Undefined beyond what a number holds exactly. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

/** A map of texts; null stays, everything else is left out. */
export function textMapOf(value: unknown): ReadonlyMap<string, string | null> {
  const entries = Object.entries(fieldsOf(value) ?? {});
  return new Map(
    entries.filter(
      (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
    ),
  );
}

/**
 * Parses JSON with numbers as the texts that stand there: `JSON.parse` rounds 64-bit integers and decimals.
 *
 * @throws SyntaxError when it is not JSON
 */
export function parseExact(json: string): unknown {
  const quoted = json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  return JSON.parse(quoted);
}
