import { scratch } from '../e2e/scratch.ts';
import path from 'node:path';

/** A module in a folder of its own, by its path; the end of the test removes it. */
export function moduleOf(text: string, name = 'transform.mjs'): string {
  return path.join(scratch({ [name]: text }), name);
}
