import type { Builtin } from '../transform.ts';
import { csv } from './csv.ts';
import { gunzip } from './gunzip.ts';
import { hash } from './hash.ts';
import { html } from './html.ts';
import { json } from './json.ts';

/** The transforms that come with bulkfetch, by name. */
export const builtins = { csv, gunzip, hash, html, json } satisfies Record<string, Builtin>;
