import { printable } from '../report/printable.ts';
import { redactor } from './redactor.ts';

/**
 * A message for a person as it may be written: without the secrets that this process knows, and with
 * nothing that a terminal would obey, for names, keys and URLs in it come from inputs and servers.
 */
export function message(text: string): string {
  return redactor.redact(text).split('\n').map(printable).join('\n');
}
