import { Redactor } from '../model/options/secrets.ts';

/** Knows the secrets that this process took from its environment; all messages go through it. */
export const redactor = new Redactor();
