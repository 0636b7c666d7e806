/** The source under test, and the rows of the suite's own that it is joined with. */
export const testedId = 'under_test';
export const localId = 'suite_rows';

export function quoteName(...path: readonly string[]): string {
  return path.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}
