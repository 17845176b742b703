import { UsageError } from '../../model/errors.ts';
import { jsonTemplate, jsonTemplateProblem } from './json-template.ts';
import type { RowTemplate } from '../rows/row.ts';
import type { RowShape, TemplateTexts } from './template-texts.ts';
import { textTemplate } from './text-template.ts';

/** The body of the requests of rows, and the flag that it comes from. */
export interface BodyTemplate {
  readonly flag: '--json' | '--data';
  readonly kind: 'json' | 'form';
  readonly template: RowTemplate;
}

/**
 * Reads the template of the body. Values are escaped as the kind of body needs it: that of `-d` is a
 * form, unless a `Content-Type` says that it is JSON, or XML; in other types they stand as they are.
 * Throws a `UsageError` for JSON that is none.
 */
export function bodyTemplate(
  { json, data, header }: Omit<TemplateTexts, 'url'>,
  shape: RowShape,
): BodyTemplate | undefined {
  if (json !== undefined) {
    return { flag: '--json', kind: 'json', template: checkedJson('--json', json, shape) };
  }
  if (data === undefined) {
    return undefined;
  }
  const type = contentType(header);
  const template = isJsonType.test(type)
    ? checkedJson('--data', data, shape)
    : textTemplate(data, shape.columns, escapeFor(type));
  return { flag: '--data', kind: 'form', template };
}

function checkedJson(flag: string, text: string, { columns, isTyped }: RowShape): RowTemplate {
  const problem = jsonTemplateProblem(text, columns);
  if (problem !== undefined) {
    throw new UsageError(`${flag}: not valid JSON, whatever the values are: ${problem}`);
  }
  return jsonTemplate(text, columns, isTyped);
}

const formType = 'application/x-www-form-urlencoded';
const isJsonType = /^application\/(?:[^;]*\+)?json\s*(?:;|$)/i;
const isXmlType = /^(?:(?:text|application)\/(?:[^;]*\+)?xml|text\/html)\s*(?:;|$)/i;

/** What the last `-H` says. */
function contentType(header: readonly string[]): string {
  const line = header.findLast((one) => /^content-type\s*:/i.test(one));
  return line === undefined ? formType : line.slice(line.indexOf(':') + 1).trim();
}

function escapeFor(type: string): (value: string) => string {
  if (type.toLowerCase().startsWith(formType)) {
    return formEncode;
  }
  return isXmlType.test(type) ? xmlEscape : (value) => value;
}

/** As in a form: `application/x-www-form-urlencoded` (URL standard, 5.2). */
function formEncode(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}

function xmlEscape(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
