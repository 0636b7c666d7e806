/**
 * Decisions of a generator, read off a list of numbers. 0 is always the simplest choice, and so is everything beyond the list's
 * end: fast-check, which shrinks the list, thereby shrinks what is made of it.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % limit;
  }

  pick<T>(first: T, ...others: readonly T[]): T {
    const index = this.below(others.length + 1);
    return others[index - 1] ?? first;
  }

  pickFrom<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** True once in `times`; false is the simple case. */
  oneIn(times: number): boolean {
    return this.below(times) === times - 1;
  }

  /** Between `least` and `most` things. */
  many<T>(least: number, most: number, make: (index: number) => T): readonly T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index));
  }
}
