/** SQL results may repeat a name, JSON objects and Parquet schemas may not: `id`, `id_2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique) || (unique !== name && names.includes(unique)); count += 1) {
      unique = `${name}_${count}`;
    }
    taken.add(unique);
    return unique;
  });
}
