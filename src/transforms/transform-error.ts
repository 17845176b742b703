/**
 * Thrown by a transform that cannot make anything of a record: what it says is for a person, and needs no
 * place in a file to be understood.
 */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}
