/** What one benchmark found. */
export interface Section {
  readonly title: string;
  /** What is measured, in a sentence or two. */
  readonly about: string;
  readonly cases: readonly Case[];
  readonly notes?: readonly string[];
}

export interface Case {
  readonly name: string;
  /** Figures by name, in the order of the table's columns. */
  readonly figures: readonly Figure[];
  readonly goals: readonly Goal[];
}

export type Figure = readonly [name: string, value: string];

/** A ratio or figure with what it should be. */
export interface Goal {
  readonly name: string;
  readonly value: string;
  /** For people: `at least 0.85`. */
  readonly wanted: string;
  readonly met: boolean;
}

export function atLeast(name: string, value: number, goal: number): Goal {
  return { name, value: ratio(value), wanted: `at least ${goal}`, met: value >= goal };
}

export function atMost(name: string, value: number, goal: number): Goal {
  return { name, value: ratio(value), wanted: `at most ${goal}`, met: value <= goal };
}

function ratio(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

/** Milliseconds with three digits that mean something. */
export function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Medians as figures, their unit in the name. */
export function msFigures(medians: ReadonlyMap<string, number>): readonly Figure[] {
  return [...medians].map(([name, value]) => [`${name}, ms`, milliseconds(value)]);
}
