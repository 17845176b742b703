import path from 'node:path';
import type { ObservingRound } from './debug/rounds.ts';
import { figure } from './figures.ts';
import { benchFolder, node } from './options.ts';
import { printedBy } from './printed.ts';
import { median } from './statistics.ts';
import type { Bench, Section } from './types.ts';

/**
 * What a run pays for being observable. Without `--debug` it asks, where there is something to tell, whether
 * anybody listens; that cannot be measured against a bulkfetch that does not ask, but it is less than what a run
 * pays when somebody listens and does nothing, which makes each event and calls him.
 */
export async function measureDebug(bench: Bench): Promise<Section> {
  const urls = bench.quick ? 5_000 : 50_000;
  const rounds = bench.quick ? 2 : 2 * bench.runs;
  const script = path.join(benchFolder, 'debug/fetching.ts');
  const library = path.join(benchFolder, '../../dist/index.js');
  const argv = [node, script, library, bench.server.http, String(urls), String(rounds)];
  const found = (await printedBy(bench, argv)) as readonly ObservingRound[];
  const absent = median(found.map((round) => round.absent));
  const idle = median(found.map((round) => round.idle));
  const ratio = median(found.map((round) => round.idle / round.absent));
  const rowOf = (what: string, seconds: number | undefined) => [
    what,
    seconds?.toFixed(3) ?? '-',
    seconds === undefined ? '-' : ((seconds * 1e6) / urls).toFixed(2),
  ];
  return {
    id: 'debug',
    title: `${urls.toLocaleString('en')} URLs of S1 by the library, observed and not`,
    columns: ['observer', 'median s', 'µs per request'],
    rows: [rowOf('none, as without `--debug`', absent), rowOf('told everything, does nothing', idle)],
    notes: [`${rounds} rounds in turn, in one process; the figure is the median of their ratios.`],
    figures: [figure('an idle observer : none, seconds', '<=', 1.15, 'x', ratio, !bench.quick)],
    data: found,
  };
}
