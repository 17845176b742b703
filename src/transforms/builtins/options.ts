import { UsageError } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../model/near.ts';

/**
 * The options of a built-in: `name=value`, several with commas between. A comma that no `name=` follows is a
 * part of its value. Throws a `UsageError` for what is none, is not in `known`, or is there twice.
 */
export function parseOptions<Name extends string>(
  text: string,
  known: readonly Name[],
): Partial<Readonly<Record<Name, string>>> {
  const options: Partial<Record<Name, string>> = {};
  for (const option of text.split(/,(?=[a-z]+=)/)) {
    const [, word = option, value] = /^([a-z]+)=(.*)$/s.exec(option) ?? [];
    const name = known.find((one) => one === word);
    if (name === undefined || value === undefined) {
      const forms = known.map((one) => `${one}=…`).join(', ');
      throw new UsageError(
        `no option ${JSON.stringify(option)}${didYouMean(nearest(word, known)) || `: there are ${forms}`}`,
      );
    }
    if (options[name] !== undefined) {
      throw new UsageError(`${name} is there twice`);
    }
    options[name] = value;
  }
  return options;
}
