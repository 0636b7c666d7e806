/** DuckDB's names for columns whose names are empty or differ only by case. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const uses = new Map<string, number>();
  return names.map((given, index) => {
    const name = given === '' ? `C${index}` : given;
    let candidate = name;
    for (let n = uses.get(name.toLowerCase()) ?? 0; uses.has(candidate.toLowerCase()); n++) {
      uses.set(name.toLowerCase(), n);
      candidate = `${name}_${n}`;
    }
    uses.set(candidate.toLowerCase(), 1);
    return candidate;
  });
}
