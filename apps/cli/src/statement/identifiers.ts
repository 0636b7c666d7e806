const plain = /^[a-z_][a-z0-9_]*$/;

/** A dotted name as SQL takes it: parts that need quotes have them. */
export function quoteDotted(parts: readonly string[]): string {
  return parts.map((part) => (plain.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join('.');
}
