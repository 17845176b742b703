import { UsageError } from '../errors.ts';
import type { RunOptions } from './run-options.ts';

/** The options in whose values `${NAME}` stands for a variable of the environment. */
export const secretOptions: ReadonlySet<string> = new Set([
  'header',
  'user',
  'bearer',
  'cookie',
  'proxy',
  'json',
  'data',
  'pass',
  'from',
  'to',
  'param',
] as const satisfies readonly (keyof RunOptions)[]);

/** Where a text with `${NAME}` stands. */
export interface ExpandSettings {
  /** The option, for messages: `--header`. */
  readonly flag: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text is JSON: what comes into a string there is escaped, so that it stays in it. */
  readonly isJson: boolean;
  /** The text is a template: braces of the value are none of it. */
  readonly isTemplate?: boolean;
  /** Told of each value that has come in. */
  readonly onSecret: (value: string) => void;
}

const variable = /(\$?)\$\{([A-Za-z_]\w*)\}/g;

/**
 * Puts the variable in the place of each `${NAME}`; `$${NAME}` stands for `${NAME}` itself, and
 * braces around anything that is no name stay as they are. Throws a `UsageError` that names a variable
 * that is not set, for a request without its secret helps nobody.
 */
export function expandSecrets(text: string, settings: ExpandSettings): string {
  const { flag, environment, isJson, isTemplate, onSecret } = settings;
  return text.replaceAll(variable, (match, escape: string, name: string, at: number) => {
    if (escape !== '') {
      return match.slice(1);
    }
    const value = environment[name];
    if (value === undefined) {
      throw new UsageError(
        `${flag}: the environment has no variable ${name} (write $\${${name}} for the text itself)`,
      );
    }
    onSecret(value);
    const inserted = isJson && isInString(text.slice(0, at)) ? JSON.stringify(value).slice(1, -1) : value;
    return isTemplate ? inserted.replaceAll(/[{}]/g, String.raw`\$&`) : inserted;
  });
}

/** Whether a string of JSON is open at the end of this beginning. */
function isInString(before: string): boolean {
  const quotes = before.replaceAll(/\\./gs, '').match(/"/g) ?? [];
  return quotes.length % 2 === 1;
}

/** A secret that is shorter is none, and text would lose half its letters. */
const shortest = 4;

/** Keeps secrets out of messages, should one come into them. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** What is not to be seen. */
  learn(secret: string): void {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      if (form.length >= shortest) {
        this.#secrets.add(form);
      }
    }
  }

  /** The text with `***` for each secret, the longest first, for one may hold another. */
  redact(text: string): string {
    return [...this.#secrets]
      .sort((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  }
}
