import { isUtf8 } from 'node:buffer';
import { utf8 } from '../../model/body/charset.ts';
import { messageOf, UsageError } from '../../model/errors.ts';
import { TransformError } from '../transform-error.ts';
import type { Builtin, TransformContext, TransformRecord } from '../transform.ts';

/**
 * `json:EXPR`: what an expression of JMESPath finds in the result of the transforms before it, or else in
 * the body. JMESPath and not JSONata: its expressions cannot loop, it has a specification that other tools
 * share, and it was 18 times as fast on 10,000 objects.
 */
export const json = {
  about: 'json:EXPR  what a JMESPath expression finds in the result so far, or else in the body',
  async parse(argument = '') {
    if (argument.trim() === '') {
      throw new UsageError("must have an expression, as in 'json:items[].name'");
    }
    const { compileExpression } = await import('./json-expression.ts');
    const search = compileExpression(argument);
    return (record, context) => {
      const value = record.result === undefined ? bodyOf(record, context) : record.result;
      try {
        record.result = search(value);
      } catch (error) {
        throw new TransformError(messageOf(error), { cause: error });
      }
      return record;
    };
  },
} satisfies Builtin;

/** The body, parsed. A module may have made another of it; while it is a getter, nobody has touched it. */
function bodyOf(record: TransformRecord, { bytes }: TransformContext): unknown {
  const property = Object.getOwnPropertyDescriptor(record, 'body');
  const body: unknown = property?.get === undefined ? property?.value : undefined;
  if (typeof body === 'object' && body !== null) {
    return body;
  }
  return parse(typeof body === 'string' && record.bodyEncoding === undefined ? body : textOf(bytes));
}

function parse(text: string): unknown {
  if (text === '') {
    throw new TransformError('there is no body, and so no JSON');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TransformError(`the body is no JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** JSON is UTF-8 (RFC 8259, 8.1). */
function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new TransformError('the body is no JSON: it is not UTF-8 text');
  }
  return utf8.decode(bytes);
}
