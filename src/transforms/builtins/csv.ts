import { toContent } from '../../model/body/content.ts';
import { UsageError } from '../../model/errors.ts';
import { TransformError } from '../transform-error.ts';
import type { Builtin, TransformContext } from '../transform.ts';
import { asBuffer } from '../../model/as-buffer.ts';
import { parseOptions } from './options.ts';

/** `csv`, `csv:delimiter=;`, `csv:header=no`: the rows of the body. */
export const csv = {
  about: 'csv[:delimiter=;,header=no]  list of the rows, as objects by the header line',
  async parse(argument) {
    const options = argument === undefined ? {} : parseOptions(argument, ['delimiter', 'header']);
    const delimiter = delimiterOf(options.delimiter);
    const hasHeader = hasHeaderOf(options.header);
    const { readTable } = await import('./csv-table.ts');
    return (record, context) => {
      record.result = readTable(textOf(context), { delimiter, hasHeader });
      return record;
    };
  },
} satisfies Builtin;

/** The body as text. Any bytes are text in some charset, but no table has a NUL in it, and binary files do. */
function textOf({ bytes, contentType }: TransformContext): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new TransformError(
      'the body is no CSV: it is a gzip file (`--transform gunzip` before it unpacks it)',
    );
  }
  const content = toContent(asBuffer(bytes), contentType, 'text');
  const text = content?.form === 'text' ? content.text : '';
  if (text.includes('\0')) {
    throw new TransformError('the body is no CSV: it is binary');
  }
  return text;
}

const names: Readonly<Record<string, string>> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|' };

function delimiterOf(text = ','): string {
  const delimiter = Object.hasOwn(names, text) ? names[text]! : text;
  if (!/^[^"\r\n]$/u.test(delimiter)) {
    const forms = Object.keys(names).join(', ');
    throw new UsageError(`delimiter must be one character, or one of ${forms}, not ${JSON.stringify(text)}`);
  }
  return delimiter;
}

function hasHeaderOf(text = 'yes'): boolean {
  if (text !== 'yes' && text !== 'no') {
    throw new UsageError(`header must be yes or no, not ${JSON.stringify(text)}`);
  }
  return text === 'yes';
}
