/** A type, or a change of one, that this reader does not know, by its name. */
export class UnknownType extends Error {
  override readonly name = 'UnknownType';
}
