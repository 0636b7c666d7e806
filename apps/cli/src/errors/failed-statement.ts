/** An error with the statement that it is about, so that the place in the text can be shown. */
export class FailedStatement extends Error {
  override readonly name = 'FailedStatement';
  readonly sql: string;

  constructor(sql: string, cause: unknown) {
    super('The statement failed.', { cause });
    this.sql = sql;
  }
}

/** Runs `work`; what it throws is known to be about `sql`. */
export async function aboutStatement<T>(sql: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FailedStatement(sql, error);
  }
}
