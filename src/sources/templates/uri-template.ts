import { UsageError } from '../../model/errors.ts';
import { withoutUserInfo } from '../../model/url.ts';
import { hasDotSegment } from '../urls/dot-segment.ts';
import { invalidRow, joined, type Row, type RowTemplate } from '../rows/row.ts';
import { expand, operators, plain, type Expression, type Variable } from './uri-expansion.ts';

/**
 * A URI Template (RFC 6570, all four levels): `{id}`, `{+path}`, `{/list*}`, `{?q,page}`, `{name:3}`.
 * Beyond the standard, a name may be any text without `{},:*`, as columns are called; `\{` and `\}`
 * are braces of the URL; and a value must be there unless it is one of `{?q}`, `{&q}` or `{;q}`, which
 * leave it out. Throws a `UsageError` for a template that is none.
 */
export function parseUriTemplate(text: string): RowTemplate {
  const parts = [...text.matchAll(partSyntax)].map(({ groups }) => parsePart(groups ?? {}, text));
  const expressions = parts.filter((part) => typeof part !== 'string');
  const pieces = parts.map((part) => (typeof part === 'string' ? part : (row: Row) => expand(part, row)));
  const expandParts = joined(pieces);
  const samples = parts.map((part) => (typeof part === 'string' ? part : `${part.operator.first}x`));
  const hasDots = hasDotSegment(samples.join(''));
  // What is reserved may well be a whole path with dots.
  const isRaw = parts.map((part) => typeof part !== 'string' && part.operator.isReserved);
  const expandChecked = isRaw.includes(true)
    ? joined(pieces.map((piece, at) => (isRaw[at] === true ? samples[at]! : piece)))
    : undefined;
  return {
    columns: expressions.flatMap(({ variables }) => variables.map(({ name }) => name)),
    expand(row) {
      const url = expandParts(row);
      const checked = expandChecked?.(row) ?? url;
      return typeof url === 'string' && typeof checked === 'string' && !hasDots && hasDotSegment(checked)
        ? invalidRow('a value is "." or "..", which cannot be a segment of a path')
        : url;
    },
  };
}

const partSyntax = /(?<literal>(?:[^\\{}]|\\(?![{}]))+)|\\(?<escaped>[{}])|\{(?<expression>[^{}]*)\}|[^]/g;

function parsePart(
  { literal, escaped, expression }: Partial<Record<string, string>>,
  template: string,
): string | Expression {
  if (expression !== undefined) {
    return parseExpression(expression, template);
  }
  const brace = escaped === undefined ? undefined : encodeURIComponent(escaped);
  return literal ?? brace ?? refuse(template, 'a brace without its partner');
}

function parseExpression(text: string, template: string): Expression {
  const operator = operators[text[0] ?? ''];
  const list = operator === undefined ? text : text.slice(1);
  const variables = list.split(',').map((one): Variable => {
    const { name, star, length } = variableSyntax.exec(one)?.groups ?? refuse(template, `{${text}}`);
    return {
      name: name!,
      isExploded: star !== undefined,
      length: length === undefined ? undefined : Number(length),
    };
  });
  return { operator: operator ?? plain, variables };
}

/** `=`, `!`, `@` and `|` are kept for operators to come. */
const variableSyntax = /^(?<name>(?![+#./;?&=!@|])[^:*]+)(?:(?<star>\*)|:(?<length>[1-9]\d{0,3}))?$/;

function refuse(template: string, what: string): never {
  throw new UsageError(
    `--url: ${what} in ${withoutUserInfo(template)} (RFC 6570: {id}, {+path}, {?q,page}, {list*}; ` +
      String.raw`write \{ for a brace)`,
  );
}
