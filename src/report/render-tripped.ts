import type { TrippedHost } from '../model/stats.ts';
import { alignColumns, plural } from './format.ts';
import { clip, printable } from './printable.ts';

/** The hosts that `--breaker` has paused or given up, a line for each; none: nothing. */
export function renderTripped(hosts: readonly TrippedHost[], screen: { readonly width: number }): string[] {
  const rows = hosts.map(({ host, pauses, isDown }) => [
    isDown ? 'down' : 'paused',
    plural(pauses, 'pause'),
    printable(host),
  ]);
  const lines = alignColumns(rows, '<><').map((line) => clip(`  ${line}`, screen.width));
  return hosts.length === 0 ? [] : ['breaker', ...lines];
}
