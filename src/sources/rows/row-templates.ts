import { UsageError } from '../../model/errors.ts';
import type { Failure } from '../../model/failure.ts';
import { nameText } from '../../model/name.ts';
import type { RequestParts } from '../../model/request-parts.ts';
import { bodyTemplate, type BodyTemplate } from '../templates/body-template.ts';
import { expandFields, fieldTemplates, type FieldTemplates } from '../templates/field-templates.ts';
import type { Row, RowTemplate } from './row.ts';
import type { RowShape, TemplateTexts } from '../templates/template-texts.ts';
import { splitText } from '../templates/text-template.ts';
import { parseUriTemplate } from '../templates/uri-template.ts';

/** The templates of a run, for the rows of one text. */
export interface RowTemplates {
  /** Each column that the templates name, by the flag that names it. */
  readonly named: readonly (readonly [flag: string, column: string])[];
  expand(row: Row): RowRequest;
}

/** What a row asks for, or why it asks for nothing. */
export type RowRequest =
  | { readonly url: string; readonly parts: RequestParts; readonly invalid?: undefined }
  | { readonly url: string; readonly parts?: undefined; readonly invalid: Failure };

/** Reads the templates. Throws a `UsageError` for one that is none. */
export function parseRowTemplates(texts: TemplateTexts, shape: RowShape): RowTemplates {
  const url = parseUriTemplate(texts.url);
  const fields = fieldTemplates(texts.header, shape.columns);
  const body = bodyTemplate(texts, shape);
  return {
    named: [
      ...namedBy('--url', [url]),
      ...namedBy('--header', [...fields.values()].flat()),
      ...(body === undefined ? [] : namedBy(body.flag, [body.template])),
    ],
    expand(row) {
      const target = url.expand(row);
      // Of a row that has no URL, the record shows the template.
      return typeof target === 'string'
        ? { url: target, ...partsOf(fields, body, row) }
        : { url: texts.url, invalid: target };
    },
  };
}

function partsOf(
  fields: FieldTemplates,
  body: BodyTemplate | undefined,
  row: Row,
): { readonly parts: RequestParts } | { readonly invalid: Failure } {
  const { headers, invalid } = expandFields(fields, row);
  if (invalid !== undefined) {
    return { invalid };
  }
  const text = body?.template.expand(row);
  if (typeof text === 'object') {
    return { invalid: text };
  }
  return {
    parts: {
      headers,
      body: body && text !== undefined ? { kind: body.kind, bytes: Buffer.from(text) } : undefined,
    },
  };
}

/** Throws a `UsageError` when a template names a column that no row has; `which` tells what rows have. */
export function requireColumns({ named }: RowTemplates, known: ReadonlySet<string>, which: string): void {
  const wrong = named.find(([, column]) => !known.has(column));
  if (wrong !== undefined) {
    const [flag, column] = wrong;
    const hint = flag === '--url' ? '' : String.raw`; write \{ for a brace`;
    throw new UsageError(`${flag}: {${nameText(column)}} is no column ${which}${hint})`);
  }
}

/**
 * The options of all rows, without what only rows fill: from them follow the method and the other
 * fields, and what is wrong with a line. Throws a `UsageError` for a `--url` that is no template.
 */
export function withoutPlaces<T extends TemplateTexts>(options: T): T {
  parseUriTemplate(options.url);
  return {
    ...options,
    header: options.header.map((line) =>
      splitText(line, undefined)
        .map((part) => (typeof part === 'string' ? part : 'x'))
        .join(''),
    ),
    json: options.json === undefined ? undefined : 'null',
    data: options.data === undefined ? undefined : '',
  };
}

function namedBy(flag: string, templates: readonly RowTemplate[]): (readonly [string, string])[] {
  return templates.flatMap(({ columns }) => columns.map((column) => [flag, column] as const));
}
