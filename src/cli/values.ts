import { UsageError } from '../model/errors.ts';
import { forms, parseNumber } from '../model/units.ts';

/** What `parse` makes of a flag's text. Throws a `UsageError` that names the flag and the form it takes. */
export function parseValue(
  flag: string,
  text: string,
  parse: (text: string) => number | undefined,
  form: string,
): number {
  const value = parse(text);
  if (value === undefined) {
    throw new UsageError(`${flag}: must be ${form}, not ${JSON.stringify(text)}`);
  }
  return value;
}

/** A whole number that is accepted; at least 1 unless it is said otherwise. */
export function parseWhole(
  flag: string,
  text: string,
  form: string = forms.count,
  accepts: (value: number) => boolean = (value) => value >= 1,
): number {
  const parse = (digits: string) => {
    const value = parseNumber(digits);
    return value !== undefined && Number.isInteger(value) && accepts(value) ? value : undefined;
  };
  return parseValue(flag, text, parse, form);
}
