/** What an error is reported about. */
export interface ErrorOrigin {
  readonly sourceId: string;
  /** Table or tables concerned, for the message. */
  readonly object?: string | undefined;
}
