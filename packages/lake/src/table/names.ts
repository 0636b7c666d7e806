/** A name as SQL compares it. DuckDB folds ASCII letters only: `ä` and `Ä` are two columns. */
export function foldCase(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** DuckDB's names for columns whose names are empty or differ only by case. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const uses = new Map<string, number>();
  return names.map((given, index) => {
    const name = given === '' ? `C${index}` : given;
    let candidate = name;
    for (let n = uses.get(foldCase(name)) ?? 0; uses.has(foldCase(candidate)); n++) {
      uses.set(foldCase(name), n);
      candidate = `${name}_${n}`;
    }
    uses.set(foldCase(candidate), 1);
    return candidate;
  });
}
